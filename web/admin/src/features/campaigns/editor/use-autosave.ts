/** Saves the draft a moment after the last change, one request at a time; a foreign change stops it. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { client } from '../../../api/client';
import { asProblem } from '../../../api/problem';
import type { Campaign, CampaignUpdate, Mail } from '../../../api/types';

const PAUSE_MS = 700;

export type DraftFields = { name: string; mail: Mail };
export type SaveState = 'saved' | 'waiting' | 'saving' | 'conflict' | 'failed';

export type Autosave = {
  fields: DraftFields;
  campaign: Campaign;
  state: SaveState;
  error: unknown;
  change: (fields: Partial<DraftFields>) => void;
  /** Resolves when everything typed so far is on the server; false when it could not be saved. */
  flush: () => Promise<boolean>;
};

function updateOf(campaign: Campaign, fields: DraftFields): CampaignUpdate {
  const { segment_id, tree, holdout, version } = campaign;
  return { ...fields, ...(segment_id ? { segment_id } : { tree }), holdout, version };
}

export function useAutosave(first: Campaign, onSaved: (campaign: Campaign) => void): Autosave {
  const [fields, setFields] = useState<DraftFields>({ name: first.name, mail: first.mail });
  const [campaign, setCampaign] = useState(first);
  const [state, setState] = useState<SaveState>('saved');
  const [error, setError] = useState<unknown>(null);
  const latest = useRef({ fields, campaign, isDirty: false, running: null as Promise<boolean> | null });

  const sendOnce = useCallback(async (): Promise<boolean> => {
    const now = latest.current;
    now.isDirty = false;
    setState('saving');
    try {
      const { data } = await client.PUT('/api/campaigns/{id}', {
        params: { path: { id: now.campaign.campaign_id } },
        body: updateOf(now.campaign, now.fields),
      });
      if (data) now.campaign = data;
      setCampaign(now.campaign);
      onSaved(now.campaign);
      setError(null);
      setState(now.isDirty ? 'waiting' : 'saved');
      return true;
    } catch (problem) {
      now.isDirty = true;
      setError(problem);
      setState(asProblem(problem).status === 409 ? 'conflict' : 'failed');
      return false;
    }
  }, [onSaved]);

  const flush = useCallback(async (): Promise<boolean> => {
    const now = latest.current;
    if (now.running) await now.running;
    if (!now.isDirty) return true;
    now.running = sendOnce();
    const isDone = await now.running;
    now.running = null;
    return isDone;
  }, [sendOnce]);

  const change = useCallback((changed: Partial<DraftFields>) => {
    const now = latest.current;
    now.fields = { ...now.fields, ...changed };
    now.isDirty = true;
    setFields(now.fields);
    setState((old) => (old === 'conflict' ? old : 'waiting'));
  }, []);

  useEffect(() => {
    // Every change of `fields` starts the pause anew.
    if (state !== 'waiting' || !fields) return;
    const timer = setTimeout(() => void flush(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [fields, state, flush]);

  return { fields, campaign, state, error, change, flush };
}
