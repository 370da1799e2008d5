import { render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { ScrollX } from './scroll-x';

/** jsdom lays nothing out: the widths are given. */
function widths(scroll: number, client: number) {
  vi.spyOn(HTMLElement.prototype, 'scrollWidth', 'get').mockReturnValue(scroll);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(client);
}

afterEach(() => vi.restoreAllMocks());

const wide = (
  <ScrollX label="表">
    <table />
  </ScrollX>
);

it('says that there is more to the side, and is reached by keyboard', () => {
  widths(800, 320);
  render(wide);
  expect(screen.getByText('横にスクロールできます →')).toBeTruthy();
  expect(screen.getByRole('region', { name: '表' }).tabIndex).toBe(0);
});

it('says nothing, and is no stop on the way, where everything fits', () => {
  widths(320, 320);
  render(wide);
  expect(screen.queryByText('横にスクロールできます →')).toBeNull();
  expect(screen.getByRole('region', { name: '表' }).hasAttribute('tabindex')).toBe(false);
});
