/** Marks a switch as exhaustive; reaching it means that untyped data got past a boundary. */
export function assertNever(value: never): never {
  throw new TypeError(`unreachable: ${typeof value}`);
}
