import { keep, keptList } from '../kept-list.ts';

/** A named filter of the audit page. */
export interface View {
  readonly label: string;
  readonly query: string;
}

/** The views every auditor has. */
export const READY_VIEWS: readonly View[] = [
  { label: 'Everything', query: '' },
  { label: 'Active now', query: 'state=active' },
  { label: 'Break glass without review', query: 'breakGlass=true&reviewed=false' },
  { label: 'Refused', query: 'state=refused' },
  { label: 'Could not be taken back', query: 'state=failed' },
];

const MOST = 20;

/** The views this person saved in this browser. */
export function savedViews(userId: string): readonly View[] {
  return keptList<View>('views', userId).slice(0, MOST);
}

/** Saves a view; it replaces a view of the same name. @returns the saved views afterwards */
export function saveView(userId: string, view: View): readonly View[] {
  const others = savedViews(userId).filter(({ label }) => label !== view.label);
  keep('views', userId, [...others, view].slice(-MOST));
  return savedViews(userId);
}

/** Deletes a view. @returns the saved views afterwards */
export function forgetView(userId: string, gone: View): readonly View[] {
  keep(
    'views',
    userId,
    savedViews(userId).filter(({ label }) => label !== gone.label),
  );
  return savedViews(userId);
}
