/** Saves the draft a moment after the last change and when it is left, one request at a time; a foreign change stops it. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { client } from '../../../api/client';
import { asProblem } from '../../../api/problem';
import type { Campaign, CampaignUpdate, Mail } from '../../../api/types';
import { tellProblem } from '../../../ui/tell';

const PAUSE_MS = 700;
/** A browser carries no more than 64 KiB to the server for a page that is closing. */
const KEPT_ALIVE_MAX_BYTES = 60_000;

export type DraftFields = { name: string; mail: Mail };
export type SaveState = 'saved' | 'waiting' | 'saving' | 'conflict' | 'failed';

export type Autosave = {
  fields: DraftFields;
  campaign: Campaign;
  state: SaveState;
  error: unknown;
  /** What `edit` returns is laid over the latest fields, however long ago `edit` was made. */
  change: (edit: (latest: DraftFields) => Partial<DraftFields>) => void;
  /** Resolves when everything typed so far is on the server; null when it could not be saved. */
  flush: () => Promise<Campaign | null>;
};

function updateOf(campaign: Campaign, fields: DraftFields): CampaignUpdate {
  const { segment_id, tree, holdout, version } = campaign;
  return { ...fields, ...(segment_id ? { segment_id } : { tree }), holdout, version };
}

function isKeptAlive(body: CampaignUpdate): boolean {
  return new TextEncoder().encode(JSON.stringify(body)).length <= KEPT_ALIVE_MAX_BYTES;
}

type Latest = {
  fields: DraftFields;
  campaign: Campaign;
  isDirty: boolean;
  /** The editor is closed; what changes now is saved at once. */
  isLeft: boolean;
  running: Promise<Campaign | null> | null;
};

export function useAutosave(first: Campaign, onSaved: (campaign: Campaign) => void): Autosave {
  const [fields, setFields] = useState<DraftFields>({ name: first.name, mail: first.mail });
  const [campaign, setCampaign] = useState(first);
  const [state, setState] = useState<SaveState>('saved');
  const [error, setError] = useState<unknown>(null);
  const latest = useRef<Latest>({ fields, campaign, isDirty: false, isLeft: false, running: null });

  const sendOnce = useCallback(async (): Promise<Campaign | null> => {
    const now = latest.current;
    now.isDirty = false;
    setState('saving');
    try {
      const body = updateOf(now.campaign, now.fields);
      const { data } = await client.PUT('/api/campaigns/{id}', {
        params: { path: { id: now.campaign.campaign_id } },
        body,
        keepalive: isKeptAlive(body),
      });
      if (data) now.campaign = data;
      setCampaign(now.campaign);
      onSaved(now.campaign);
      setError(null);
      setState(now.isDirty ? 'waiting' : 'saved');
      return now.campaign;
    } catch (problem) {
      const { status } = asProblem(problem);
      now.isDirty = true;
      setError(problem);
      setState(status === 409 ? 'conflict' : 'failed');
      // Nobody sees the state of a closed editor. A draft that was thrown away needs no saving.
      if (now.isLeft && status !== 404) tellProblem(problem);
      return null;
    }
  }, [onSaved]);

  const flush = useCallback(async (): Promise<Campaign | null> => {
    const now = latest.current;
    while (now.running) await now.running;
    if (!now.isDirty) return now.campaign;
    now.running = sendOnce().finally(() => {
      now.running = null;
    });
    return now.running;
  }, [sendOnce]);

  const change = useCallback<Autosave['change']>(
    (edit) => {
      const now = latest.current;
      now.fields = { ...now.fields, ...edit(now.fields) };
      now.isDirty = true;
      setFields(now.fields);
      setState((old) => (old === 'conflict' ? old : 'waiting'));
      if (now.isLeft) void flush();
    },
    [flush],
  );

  useEffect(() => {
    // Every change of `fields` starts the pause anew.
    if (state !== 'waiting' || !fields) return;
    const timer = setTimeout(() => void flush(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [fields, state, flush]);

  useEffect(() => {
    const now = latest.current;
    now.isLeft = false;
    const leave = () => void flush();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      now.isLeft = true;
      leave();
    };
  }, [flush]);

  useEffect(() => {
    // A way back that was pressed after the editor had been left and opened again.
    const now = latest.current;
    if (first.version <= now.campaign.version || now.isDirty || now.running) return;
    now.campaign = first;
    now.fields = { name: first.name, mail: first.mail };
    setCampaign(first);
    setFields(now.fields);
  }, [first]);

  return { fields, campaign, state, error, change, flush };
}
