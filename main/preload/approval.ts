import { exposeSurface } from './expose.ts';

exposeSurface('approval');
