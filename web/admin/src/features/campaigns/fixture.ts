/** A draft for the tests of campaigns. */
import type { Campaign } from '../../api/types';

export const DRAFT: Campaign = {
  campaign_id: 'k1',
  name: 'おひさしぶりです',
  state: 'draft',
  people: 423,
  sent: 0,
  control: 0,
  scheduled_at: null,
  started_at: null,
  day_n: null,
  window_days: 28,
  is_simulated: false,
  true_effect: null,
  headline: null,
  segment_id: 'g1',
  tree: null,
  segment_text: '常連',
  holdout: 0.1,
  version: 4,
  problems: [],
  warnings: [],
  mail: {
    subject: 'おひさしぶりです',
    preheader: '',
    from_name: 'みなと雑貨店',
    from_address: 'letter@example.com',
    mjml: null,
    blocks: [
      { kind: 'products', skus: ['a', 'b'] },
      { kind: 'button', label: '見る', url: 'https://example.com' },
    ],
  },
};
