/** Who is signed in, and the way out. */
import { Menu, UnstyledButton } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../api/client';
import type { Me } from '../api/types';
import { tellProblem } from '../ui/tell';
import classes from './account.module.css';

export function useSignOut() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => client.DELETE('/api/session'),
    onSuccess: async () => {
      await navigate({ to: '/sign-in' });
      queryClient.clear();
    },
    onError: tellProblem,
  });
}

export function Account({ me }: { me: Me }) {
  const { t } = useTranslation('shell');
  const signOut = useSignOut();
  return (
    <Menu position="top-start" width={180}>
      <Menu.Target>
        <UnstyledButton className={classes.who}>
          <span className={classes.initial} aria-hidden="true">
            {me.name.slice(0, 1)}
          </span>
          <span>
            {me.name}
            <br />
            {t(`role.${me.role}`)}
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.company}</Menu.Label>
        {me.demo && (
          <Menu.Item component={Link} to="/demo">
            {t('demo.about')}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => signOut.mutate()}>{t('sign_out')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
