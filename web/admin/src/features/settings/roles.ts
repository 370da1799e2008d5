/** The roles, from the one who may do everything to the one who may look. */
import type { Role } from '../../api/types';

export const ROLES: readonly Role[] = ['owner', 'marketer', 'agent', 'clerk', 'viewer'];
