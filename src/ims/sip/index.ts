export { KNOWN_METHODS, TELEPHONE, type Capabilities } from './capabilities.js';
export { splitCommaList } from './comma-list.js';
export { parseCSeq, printCSeq, type CSeq } from './cseq.js';
export { headerName, type HeaderName } from './header-names.js';
export { Headers } from './headers.js';
export { hostAddress, hostReference } from './host.js';
export { judge } from './judge.js';
export { judgeForm } from './judge-form.js';
export { judgeSupport } from './judge-support.js';
export { createResponse, NO_BODY, SipMessage, SipRequest, SipResponse, type ResponseOptions } from './message.js';
export { NameAddr } from './name-addr.js';
export { parseMessage, type ParseOptions, type ParseResult } from './parse.js';
export { DEFAULT_LIMITS, type FailedParse, type ParseFailure, type ParseLimits } from './parse-failure.js';
export { parseParameters, printParameters, type Parameters } from './parameters.js';
export { printHead, printMessage, printStartLine } from './print.js';
export { quote, unquote } from './quoted-string.js';
export { reasonPhrase } from './reason-phrases.js';
export { isToken } from './token.js';
export { OtherUri, parseUri, SipUri, TelUri, uriEquals, type Uri } from './uri.js';
export { STREAM_LIMITS, StreamFramer, type FrameEvent, type StreamLimits } from './framing.js';
export { decodeUtf8, encodeUtf8 } from './utf8.js';
export { createRejection, judgeFailure, type Rejection, type Verdict } from './verdict.js';
export { MAGIC_COOKIE, Via } from './via.js';
export { Dialog, type DialogRequest, type DialogState } from './dialog.js';
export {
  SipEndpoint,
  type SendOptions,
  type SentRequest,
  type SipEndpointOptions,
  type WireTrace,
} from './endpoint.js';
export type { ClientTransactionHandle, RequestHandlers } from './client-exchange.js';
export { RequestSender, type AuthOutcome, type SenderHandlers, type SenderOptions } from './request-sender.js';
export { CELLULAR_TIMERS, RFC_3261_TIMERS, transactionTimers, type TimerValues } from './timers.js';
export type { ServerTransaction, ServerTransactionState } from './transaction/server-transaction.js';
export { defaultPort, targetOf, type Flow, type SipTransport, type Target } from './transport/flow.js';
export { locate } from './transport/locate.js';
export type { ListeningPoint, SipListenOptions } from './transport/transport-layer.js';
