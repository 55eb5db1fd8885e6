import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { usePageContext } from '../context.ts';
import { SayWhy } from '../deciding/say-why.tsx';
import { forgetView, READY_VIEWS, savedViews, saveView } from './saved-views.ts';

interface ViewsProps {
  /** The current query. */
  readonly query: string;
  onChoose(query: string): void;
}

/** Buttons for the ready views and the person's saved views, and a button that saves the current query as a view. */
export function Views({ query, onChoose }: ViewsProps) {
  const { me, tell } = usePageContext();
  const [saved, setSaved] = useState(() => savedViews(me.userId));
  const [isSaving, setSaving] = useState(false);
  const own = saved.find((view) => view.query === query);
  const isReady = READY_VIEWS.some((view) => view.query === query);
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      {[...READY_VIEWS, ...saved].map((view) => (
        <Button
          key={`${view.label} ${view.query}`}
          variant={view.query === query ? 'primary' : 'normal'}
          onClick={() => onChoose(view.query)}
        >
          {view.label}
        </Button>
      ))}
      {own === undefined && !isReady && (
        <Button variant="inline-link" iconName="star" onClick={() => setSaving(true)} data-testid="save-view">
          Save this view
        </Button>
      )}
      {own !== undefined && (
        <Button
          variant="inline-link"
          iconName="star-filled"
          onClick={() => setSaved(forgetView(me.userId, own))}
          data-testid="forget-view"
        >
          Forget this view
        </Button>
      )}
      {isSaving && (
        <SayWhy
          header="Save this view"
          action="Save"
          label="Name"
          isShort
          onClose={() => setSaving(false)}
          onDo={async (label) => {
            setSaved(saveView(me.userId, { label, query }));
            tell(`Saved in this browser. The address of the page is the view, to send it to others.`);
          }}
        />
      )}
    </SpaceBetween>
  );
}
