/** What the bench uses of jssip's user agent: its own types need the DOM. */
declare module 'jssip/lib/UA.js' {
  export interface Socket {
    readonly via_transport: string;
    readonly url: string;
    readonly sip_uri: string;
    onconnect: (() => void) | null;
    ondisconnect: ((error: boolean, code?: number, reason?: string) => void) | null;
    ondata: ((data: string) => void) | null;
    connect(): void;
    disconnect(): void;
    send(data: string): boolean;
    isConnected(): boolean;
    isConnecting(): boolean;
  }
  export interface Configuration {
    readonly sockets: readonly Socket[];
    readonly uri: string;
    readonly password: string;
    readonly register_expires: number;
  }
  class UA {
    constructor(configuration: Configuration);
    on(event: 'registered' | 'registrationFailed', listener: () => void): void;
    start(): void;
    stop(): void;
  }
  export default UA;
}
