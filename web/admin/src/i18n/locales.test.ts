import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCE = join(import.meta.dirname, '..');
type Tree = { [key: string]: string | Tree };

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

function flatten(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[prefix + key, value] as [string, string]]
      : flatten(value, `${prefix}${key}.`),
  );
}

function texts(folder: string, language: string): Map<string, string> {
  return new Map(flatten(JSON.parse(readFileSync(join(folder, `locale.${language}.json`), 'utf8')) as Tree));
}

/** English has a plural form of its own: `key_one` stands beside `key_other`, Japanese has `key_other` alone. */
const bare = (key: string) => key.replace(/_(one|other)$/, '');
const values = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1]).sort();

const files = walk(SOURCE);
const folders = files.filter((file) => file.endsWith('locale.ja.json')).map((file) => join(file, '..'));

describe.each(folders.map((folder) => [basename(folder), folder] as const))(
  'texts of %s',
  (_name, folder) => {
    const ja = texts(folder, 'ja');
    const en = texts(folder, 'en');

    it('has the same keys in Japanese and in English', () => {
      expect([...new Set([...en.keys()].map(bare))].sort()).toEqual(
        [...new Set([...ja.keys()].map(bare))].sort(),
      );
    });

    it('uses no value in one language that the other does not know', () => {
      const known = new Map([...ja].map(([key, text]) => [bare(key), new Set(values(text))]));
      const unknown = [...en].filter(([key, text]) =>
        values(text).some((value) => value !== 'count' && !known.get(bare(key))?.has(value)),
      );
      expect(unknown).toEqual([]);
    });

    it('has no text that is empty in both (a language may need no word where the other does)', () => {
      const isEmpty = (text: string | undefined) => (text ?? '').trim() === '';
      expect([...ja].filter(([key, text]) => isEmpty(text) && isEmpty(en.get(key)))).toEqual([]);
    });
  },
);

describe('an English text that counts things', () => {
  /** `{{count}} people`, also in bold: it needs a word for one. */
  const counts = /\{\{count[^}]*\}\}(<\/b>)? (people|\w+s)\b/;
  it.each(folders.map((folder) => [basename(folder), folder] as const))(
    'has a singular in %s',
    (_, folder) => {
      const en = texts(folder, 'en');
      const lacking = [...en].filter(
        ([key, text]) => counts.test(text) && !en.has(key.replace(/(_other)?$/, '_one')),
      );
      expect(lacking).toEqual([]);
    },
  );
});

/** `useTranslation('rfm')` names the namespace of a file's `t('…')`; `t('ui:…')` names it in the key. */
function wantedKeys(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  const namespace = /useTranslation\('([\w-]+)'/.exec(source)?.[1];
  const keys = [...source.matchAll(/\bt\(\s*'([^'$]+)'/g)].map((match) => match[1] ?? '');
  return keys.flatMap((key) => (key.includes(':') ? [key] : namespace ? [`${namespace}:${key}`] : []));
}

describe('every text that a page asks for', () => {
  const known = new Set(
    folders.flatMap((folder) =>
      [...texts(folder, 'ja').keys()].map((key) => `${basename(folder)}:${bare(key)}`),
    ),
  );
  it('exists', () => {
    const pages = files.filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'));
    const missing = pages.flatMap((file) =>
      wantedKeys(file)
        .filter((key) => !known.has(key))
        .map((key) => `${basename(file)}: ${key}`),
    );
    expect(missing).toEqual([]);
  });
});
