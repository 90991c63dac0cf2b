/** Ends the reading of facts with the reason that the person is told. Never holds an argument or a file's content. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
