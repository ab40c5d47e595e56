/** RFC 9457 problem details, as every service answers them. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: { loc: (string | number)[]; msg: string; code: string }[];
}

/** The server's own no. `code` is stable; `title` is English and for people who have no translation of it. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly errors: NonNullable<ProblemDetails["errors"]> = [],
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
  }

  static from(response: Response, body: unknown): Problem {
    const retryAfter = Number(response.headers.get("Retry-After"));
    const wait = Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null;
    if (isProblem(body)) {
      return new Problem(body.status, body.code, body.detail || body.title, body.errors ?? [], wait);
    }
    return new Problem(response.status, `http_${response.status}`, response.statusText, [], wait);
  }
}

/** No answer at all: offline, or the server is away. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

export function hasCode(error: unknown, ...codes: string[]): error is Problem {
  return error instanceof Problem && codes.includes(error.code);
}

function isProblem(body: unknown): body is ProblemDetails {
  return typeof body === "object" && body !== null && "code" in body && "status" in body;
}
