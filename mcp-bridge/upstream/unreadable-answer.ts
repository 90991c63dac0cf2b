/** Which call an answer belonged to that cannot be read as a whole: the end of a wait is told even then. */
const EDGE = 96;

/** Only the two ends of a message are looked at: there JSON-RPC libraries write the id. */
export function edgesOf(text: string): string {
  return `${text.slice(0, EDGE)} … ${text.slice(-EDGE)}`;
}

export function requestIdIn(edges: string): number | undefined {
  const id = /"id":\s*(\d{1,15})\s*[,}]/.exec(edges)?.[1];
  return id === undefined ? undefined : Number(id);
}
