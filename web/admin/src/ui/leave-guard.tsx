/** Asks before something typed and not saved is left behind: on the way to another page, and when the tab closes. */
import { Button, Group, Modal } from '@mantine/core';
import { type ShouldBlockFn, useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** Another search is still the same page. */
const isOtherPage: ShouldBlockFn = ({ current, next }) => current.pathname !== next.pathname;

export function LeaveGuard({ isUnsaved }: { isUnsaved: boolean }) {
  const { t } = useTranslation('ui');
  const way = useBlocker({
    shouldBlockFn: isOtherPage,
    enableBeforeUnload: isUnsaved,
    disabled: !isUnsaved,
    withResolver: true,
  });
  const stay = () => way.reset?.();
  return (
    <Modal opened={way.status === 'blocked'} onClose={stay} title={t('leave.title')} size="sm">
      <p>{t('leave.text')}</p>
      <Group mt={16} gap={8}>
        <Button variant="filled" onClick={stay}>
          {t('leave.stay')}
        </Button>
        <Button variant="subtle" color="gray" onClick={() => way.proceed?.()}>
          {t('leave.leave')}
        </Button>
      </Group>
    </Modal>
  );
}
