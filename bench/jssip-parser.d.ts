/** jssip ships no types for its parser; this is what the bench uses of it. */
declare module 'jssip/lib/Parser.js' {
  interface ParsedMessage {
    readonly via_branch: string;
    readonly from_tag: string;
    readonly call_id: string;
    readonly cseq: number;
    readonly body: string;
    getHeaders(name: string): string[];
    parseHeader(name: string, index: number): object | undefined;
  }
  const Parser: { parseMessage(data: string, userAgent: object): ParsedMessage | undefined };
  export default Parser;
}
