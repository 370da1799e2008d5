/** Starts the web application: texts first, then the theme, then the router. */
import './theme/layers.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import './theme/tokens.css';
import './theme/base.css';
import './theme/touch.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createAppQueryClient, meQuery } from './api/queries';
import { Application } from './app/application';
import { createAppRouter } from './app/router';
import { startI18n } from './i18n/i18n';

const queryClient = createAppQueryClient(() => {
  const next = router.state.location.href;
  queryClient.removeQueries({ queryKey: meQuery.queryKey });
  void router.navigate({ to: '/sign-in', search: { next } });
});
const router = createAppRouter(queryClient);

await startI18n();
const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <Application queryClient={queryClient} router={router} />
    </StrictMode>,
  );
