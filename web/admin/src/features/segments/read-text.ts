/**
 * Reads the readable form of a segment (`orders >= 3 in 90 days and not days_since_order <= 60`) for lists, so that
 * they can say it in words. The server's reader decides what is valid; what this one does not know stays as it is.
 */
import type { Comparison, FactName, SegmentTree } from '../../api/types';

const TOKEN = /"(?:\\.|[^"\\])*"|>=|<=|[()[\]=]|[^\s()[\]="<>]+/g;
const EVENTS = { orders: 'order', opened: 'mail_opened', clicked: 'mail_clicked', pages: 'page' } as const;
const FACTS: readonly FactName[] = [
  'sex',
  'age',
  'prefecture',
  'birth_month',
  'has_company',
  'is_member_only',
];

const SIGNS = new Map<string, Comparison>([
  ['>=', 'gte'],
  ['<=', 'lte'],
  ['=', 'eq'],
]);

class Unknown extends Error {}

class Reader {
  private at = 0;
  constructor(private readonly tokens: readonly string[]) {}

  tree(): SegmentTree {
    return this.joined('or', () => this.joined('and', () => this.part()));
  }
  end(): void {
    if (this.at < this.tokens.length) throw new Unknown();
  }

  private joined(kind: 'and' | 'or', next: () => SegmentTree): SegmentTree {
    const first = next();
    const of = [first];
    while (this.takes(kind)) of.push(next());
    return of.length === 1 ? first : { kind, of };
  }
  private part(): SegmentTree {
    if (this.takes('not')) return { kind: 'not', of: this.part() };
    if (!this.takes('(')) return this.condition();
    const inner = this.tree();
    this.must(')');
    return inner;
  }
  private condition(): SegmentTree {
    const word = this.word();
    if (word in EVENTS) return this.count(EVENTS[word as keyof typeof EVENTS]);
    if (word === 'sales') return { kind: 'sum', ...this.amount(), window: this.window() };
    if (word === 'days_since_order') {
      const { is, value } = this.amount();
      return { kind: 'recency', is, days: value };
    }
    if (word === 'reachable') {
      this.must('by');
      this.must('email');
      return { kind: 'reachable', channel: 'email' };
    }
    if (word === 'rfm') return this.rfm();
    const fact = FACTS.find((known) => known === word);
    if (fact) return this.fact(fact);
    throw new Unknown();
  }
  private count(event: (typeof EVENTS)[keyof typeof EVENTS]): SegmentTree {
    const sku = this.takes('of') ? { sku: JSON.parse(this.word()) as string } : {};
    return { kind: 'count', event, ...sku, ...this.amount(), window: this.window() };
  }
  private fact(fact: FactName): SegmentTree {
    if (this.takes('in')) return { kind: 'fact', fact, is: 'in', value: plainList(this.list()) };
    if (this.takes('=')) return { kind: 'fact', fact, is: 'eq', value: plain(this.word()) };
    return { kind: 'fact', fact, ...this.amount() };
  }
  private rfm(): SegmentTree {
    this.must('r');
    const r = this.list().map(Number);
    this.must('f');
    const f = this.list().map(Number);
    this.must('cells');
    const cells = this.list().map((cell) => cell.split(':').map(Number) as [number, number]);
    return { kind: 'rfm', version: 1, r, f, cells };
  }
  private amount(): { is: Comparison; value: number | [number, number] } {
    if (this.takes('between')) {
      const low = this.number();
      this.must('and');
      return { is: 'between', value: [low, this.number()] };
    }
    const sign = this.word();
    const is = SIGNS.get(sign);
    if (!is) throw new Unknown();
    return { is, value: this.number() };
  }
  private window(): { days: number } | 'ever' {
    if (!this.takes('in')) return 'ever';
    const days = this.number();
    this.must('days');
    return { days };
  }
  private list(): string[] {
    this.must('[');
    const words: string[] = [];
    while (!this.takes(']')) words.push(this.word());
    return words;
  }
  private number(): number {
    const number = Number(this.word());
    if (!Number.isFinite(number)) throw new Unknown();
    return number;
  }
  private takes(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }
  private must(token: string): void {
    if (!this.takes(token)) throw new Unknown();
  }
  private word(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw new Unknown();
    this.at += 1;
    return token;
  }
}

/** A list is of numbers or of words. */
function plainList(words: string[]): number[] | string[] {
  const values = words.map(plain);
  return values.every((value) => typeof value === 'number') ? values : words;
}

function plain(word: string): string | number | boolean {
  if (word === 'true' || word === 'false') return word === 'true';
  return /^-?\d+$/.test(word) ? Number(word) : word;
}

/** The tree that a text means, or null where this reader does not know. */
export function readText(text: string): SegmentTree | null {
  try {
    const reader = new Reader(text.match(TOKEN) ?? []);
    const tree = reader.tree();
    reader.end();
    return tree;
  } catch (error) {
    if (error instanceof Unknown || error instanceof SyntaxError) return null;
    throw error;
  }
}
