/** The one person of the demo provider. Their password is on the sign-in page: it protects nothing. */
export const demoPerson = {
  sub: 'ada',
  name: 'Ada Example',
  email: 'ada@acme.example',
  password: 'countersign',
} as const;
