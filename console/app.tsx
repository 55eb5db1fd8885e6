import AppLayoutToolbar from '@cloudscape-design/components/app-layout-toolbar';
import Badge from '@cloudscape-design/components/badge';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Flashbar from '@cloudscape-design/components/flashbar';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Api, Me } from './api/client.ts';
import type { Page } from './api/page.ts';
import { ApprovalsPage } from './pages/approvals.tsx';
import { AuditPage } from './pages/audit.tsx';
import { DriftPage } from './pages/drift.tsx';
import { HomePage } from './pages/home.tsx';
import { PoliciesPage } from './pages/policies.tsx';
import { RequestPage } from './pages/request.tsx';
import { RequestDetailPage } from './pages/request-detail.tsx';
import { SystemPage } from './pages/system.tsx';
import { CurrentPageContext, type Loaded, type PageContext, useLoaded } from './parts/context.ts';
import { changeMode } from './parts/mode.ts';
import { type Route, readRoute } from './parts/route.ts';

/** How long a notification ("The approvers are asked.") stays at the top; milliseconds. */
const SAID_MS = 6_000;

/**
 * The person's profile (auditor, operator) depends on their groups, which change seldom, so it is read this often;
 * milliseconds.
 */
const SELDOM_MS = 300_000;

/** Navigation that only auditors and operators see. */
const OVERSEE: readonly SideNavigationProps.Item[] = [
  { type: 'divider' },
  { type: 'link', text: 'Audit', href: '#/audit' },
  { type: 'link', text: 'Policies', href: '#/policies' },
  { type: 'link', text: 'Drift', href: '#/drift' },
  { type: 'link', text: 'System', href: '#/system' },
];

interface Profile {
  readonly personas: readonly ('auditor' | 'operator')[];
  /** Whether operators may propose policy changes in this deployment. */
  readonly policyChanges?: boolean;
}

export interface AppProps {
  readonly api: Api;
  readonly me: Me;
  signOut(): void;
}

/** The frame of the console around its pages: navigation, notifications, the current page. */
export function App({ api, me, signOut }: AppProps) {
  const { route, visit } = useRoute();
  const [said, setSaid] = useState<readonly { readonly id: string; readonly text: string }[]>([]);
  const tell = useCallback((text: string) => {
    const id = crypto.randomUUID();
    setSaid((before) => [...before, { id, text }]);
    setTimeout(() => setSaid((before) => before.filter((one) => one.id !== id)), SAID_MS);
  }, []);
  const context = useMemo<PageContext>(() => ({ api, me, tell }), [api, me, tell]);
  const loadPending = useCallback(() => api.get<Page>('/pending'), [api]);
  const pending = useLoaded(loadPending);
  const waiting = pending.value?.requests.length ?? 0;

  const loadProfile = useCallback(() => api.get<Profile>('/profile'), [api]);
  const { personas = [], policyChanges = false } = useLoaded(loadProfile, SELDOM_MS).value ?? {};
  const isOperator = personas.includes('operator');
  const loadReviews = useCallback(() => api.get<Page>('/reviews'), [api]);
  const reviews = useLoaded(loadReviews);
  const [navigationOpen, setNavigationOpen] = useState(matchMedia('(min-width: 1100px)').matches);

  useEffect(() => {
    document.title = waiting > 0 ? `(${waiting}) ${route.title} - Glasshammer` : `${route.title} - Glasshammer`;
  }, [route, waiting]);

  return (
    <I18nProvider locale="en" messages={[messages]}>
      <CurrentPageContext.Provider value={context}>
        <div id="top">
          <TopNavigation
            identity={{ href: '#/', title: 'Glasshammer' }}
            utilities={[
              {
                type: 'button',
                iconName: 'view-full',
                text: 'AWS portal',
                href: me.portalUrl,
                external: true,
                externalIconAriaLabel: '(opens in a new tab)',
              },
              {
                type: 'menu-dropdown',
                iconName: 'user-profile',
                text: me.userName,
                ariaLabel: `Signed in as ${me.userName}`,
                onItemClick: ({ detail }) => (detail.id === 'mode' ? changeMode() : signOut()),
                items: [
                  { id: 'mode', text: 'Dark or light' },
                  { id: 'sign-out', text: 'Sign out' },
                ],
              },
            ]}
          />
        </div>
        <AppLayoutToolbar
          headerSelector="#top"
          toolsHide
          navigationOpen={navigationOpen}
          onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
          navigation={
            <SideNavigation
              activeHref={route.section}
              onFollow={() => setNavigationOpen(matchMedia('(min-width: 1100px)').matches)}
              items={[
                { type: 'link', text: 'Home', href: '#/' },
                { type: 'link', text: 'Request access', href: '#/request' },
                {
                  type: 'link',
                  text: 'Approvals',
                  href: '#/approvals',
                  ...(waiting > 0 ? { info: <Badge color="blue">{waiting}</Badge> } : {}),
                },
                ...(personas.length > 0 ? OVERSEE : []),
              ]}
            />
          }
          breadcrumbs={
            <BreadcrumbGroup
              items={[
                { text: 'Glasshammer', href: '#/' },
                { text: route.title, href: location.hash },
              ]}
            />
          }
          notifications={
            said.length === 0 ? undefined : (
              <Flashbar items={said.map(({ id, text }) => ({ id, type: 'success', content: text }))} />
            )
          }
          content={
            <CurrentPage
              route={route}
              visit={visit}
              pending={pending}
              reviews={reviews}
              isOperator={isOperator}
              seesAll={personas.length > 0}
              policyChanges={policyChanges}
            />
          }
        />
      </CurrentPageContext.Provider>
    </I18nProvider>
  );
}

interface CurrentPageProps {
  readonly route: Route;
  readonly visit: number;
  readonly pending: Loaded<Page>;
  readonly reviews: Loaded<Page>;
  readonly isOperator: boolean;
  readonly seesAll: boolean;
  readonly policyChanges: boolean;
}

function CurrentPage({ route, visit, pending, reviews, isOperator, seesAll, policyChanges }: CurrentPageProps) {
  switch (route.page) {
    case 'request':
      return <RequestPage key={JSON.stringify(route.wanted)} wanted={route.wanted} />;
    case 'approvals':
      return <ApprovalsPage pending={pending} reviews={reviews} />;
    case 'audit':
      // The audit page rewrites its own address. A new key at each navigation makes a link back to `#/audit` start it
      // afresh.
      return <AuditPage key={visit} query={route.query} />;
    case 'policies':
      return <PoliciesPage mayPropose={isOperator && policyChanges} />;
    case 'drift':
      return <DriftPage />;
    case 'system':
      return <SystemPage isOperator={isOperator} mayPropose={isOperator && policyChanges} />;
    case 'detail':
      return (
        <RequestDetailPage
          key={route.requestId}
          requestId={route.requestId}
          isOperator={isOperator}
          seesAll={seesAll}
        />
      );
    default:
      return <HomePage pending={pending} reviews={reviews} />;
  }
}

/**
 * Shows the page that the address names. Links are addresses, so the browser's back and forward work. `visit` increases
 * with each navigation.
 */
function useRoute(): { readonly route: Route; readonly visit: number } {
  const [{ hash, visit }, setGone] = useState({ hash: location.hash, visit: 0 });
  useEffect(() => {
    const follow = () => {
      setGone((before) => ({ hash: location.hash, visit: before.visit + 1 }));
      scrollTo(0, 0);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const route = useMemo(() => readRoute(hash), [hash]);
  return { route, visit };
}
