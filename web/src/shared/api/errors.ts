// What a failed call looks like to the pages: one class, whatever went wrong.

export interface ErrorBody {
  code: string
  message: string
  fields?: Record<string, string>
  data?: Record<string, unknown>
}

export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Record<string, string> = {},
    readonly data: Record<string, unknown> = {},
  ) {
    super(message)
  }

  /** No answer came, so nobody knows whether the server did it. Sending again needs the same Idempotency-Key. */
  get isNetwork(): boolean {
    return this.status === 0
  }
}

/** The error of an answer that was not 2xx. A proxy's HTML page or an empty body gives the code `http.<status>`. */
export function errorFromBody(status: number, body: unknown): ApiError {
  if (isErrorBody(body)) return new ApiError(status, body.code, body.message, body.fields, body.data)
  return new ApiError(status, `http.${String(status)}`, '')
}

export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

function isErrorBody(body: unknown): body is ErrorBody {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body
}
