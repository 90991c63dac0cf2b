import { AppError } from '../../core/errors.ts';

/** @throws AppError 'usage' */
export function required(value: string | undefined, option: string): string {
  if (value === undefined || value === '') throw new AppError('usage', `${option} is missing`);
  return value;
}
