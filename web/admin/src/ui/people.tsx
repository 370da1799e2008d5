/** Numbers are doors: a figure that opens the list of the people behind it. */
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { client } from '../api/client';
import { useCan } from '../api/queries';
import type { PeopleRef, SegmentTree } from '../api/types';
import { tellProblem } from './tell';

/** `title` says on the list who these people are. */
type Target = ({ people: PeopleRef } | { segment: SegmentTree }) & { title?: string };

/** Makes a selection of the people and goes to their list. */
export function useOpenPeople() {
  const navigate = useNavigate();
  const open = useMutation({
    mutationFn: async (target: Target) => {
      const { data } = await client.POST('/api/selections', { body: target });
      return data;
    },
    onSuccess: (selection) => {
      if (!selection) return;
      void navigate({
        to: '/customers',
        search: { selection: selection.selection_id, ...(selection.title ? { title: selection.title } : {}) },
      });
    },
    onError: tellProblem,
  });
  // Pressed twice, a door opens once.
  const mutate = (target: Target) => (open.isPending ? undefined : open.mutate(target));
  return { mutate, isPending: open.isPending };
}

type Props = {
  people: PeopleRef;
  children: ReactNode;
  /** Who they are, when the figure alone does not say it. */
  title?: string;
  label?: string;
  className?: string | undefined;
};

/** An operator who may not read customers sees the figure alone. */
export function People({ people, children, title, label, className = 'link' }: Props) {
  const open = useOpenPeople();
  const can = useCan();
  const name = title ?? label;
  if (!can('customers.read')) return <span>{children}</span>;
  return (
    <button
      type="button"
      className={className}
      aria-label={label}
      aria-busy={open.isPending}
      onClick={() => open.mutate({ people, ...(name ? { title: name } : {}) })}
    >
      {children}
    </button>
  );
}
