import { MantineProvider } from '@mantine/core';
import { createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { LeaveGuard } from './leave-guard';

it.each([true, false])('asks when the tab closes only while something is unsaved: %s', async (isUnsaved) => {
  const root = createRootRoute({
    component: () => (
      <MantineProvider>
        <p>here</p>
        <LeaveGuard isUnsaved={isUnsaved} />
      </MantineProvider>
    ),
  });
  const view = render(<RouterProvider router={createRouter({ routeTree: root }) as never} />);
  await waitFor(() => expect(view.getByText('here')).toBeTruthy());
  const event = new Event('beforeunload', { cancelable: true });
  window.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(isUnsaved);
});
