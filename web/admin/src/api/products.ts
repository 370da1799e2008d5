/** What products are called: a screen shows names, with the code beside them where it matters. */
import { useQueries } from '@tanstack/react-query';
import { $api } from './client';
import { useCan } from './queries';

const search = (text: string) =>
  $api.queryOptions('get', '/api/products', { params: { query: { search: text } } }, { staleTime: 300_000 });

/** `name(sku)`: the name, or the code itself while or where no name is known. */
export function useProductNames(skus: readonly string[]): (sku: string) => string {
  const can = useCan();
  const asked = can('campaigns.read') ? [...new Set(skus)].filter((sku) => sku !== '') : [];
  const answers = useQueries({ queries: asked.map(search) });
  const names = new Map(
    asked.map((sku, index) => [sku, answers[index]?.data?.find((product) => product.sku === sku)?.name]),
  );
  return (sku) => names.get(sku) ?? sku;
}
