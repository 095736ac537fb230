import type { Subject } from '../subject';
import { createSubjects } from './create';
import { pickers } from './pickers';
import { otherOperations } from './read-and-update';
import { triggerActivation } from './trigger-activation';
import { triggerCatchUp } from './trigger-catch-up';
import { triggerLookUps } from './trigger-look-up';

/** The columns of the matrix. To add one, add it here. */
export const SUBJECTS: readonly Subject[] = [
	...createSubjects,
	...otherOperations,
	...pickers,
	...triggerLookUps,
	triggerCatchUp,
	triggerActivation,
];
