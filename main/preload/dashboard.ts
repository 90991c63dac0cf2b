import { exposeSurface } from './expose.ts';

exposeSurface('dashboard');
