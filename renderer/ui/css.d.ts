/** Style sheets are imported for their effect; Vite links them. */
declare module '*.css';
