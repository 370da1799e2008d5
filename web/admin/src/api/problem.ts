/** What the server says when something cannot be done (RFC 9457), as an error that can be thrown and shown. */
import type { Problem } from './types';

export class ApiProblem extends Error implements Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = 'ApiProblem';
    this.type = problem.type;
    this.title = problem.title;
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail;
    if (problem.hint) this.hint = problem.hint;
  }

  /** No answer at all: the server is down or the line is. `detail` is empty because the screen words it. */
  static unreachable(): ApiProblem {
    return new ApiProblem({ type: 'about:blank', title: '', status: 0, code: 'unreachable', detail: '' });
  }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'status' in value;
}

export async function problemFromResponse(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  if (isProblem(body)) return new ApiProblem(body);
  const code = response.status === 401 ? 'signed_out' : response.status === 404 ? 'not_found' : 'unexpected';
  return new ApiProblem({
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    code,
    detail: '',
  });
}

/** The problem in anything that was thrown; what is not a problem of the server becomes `unexpected`. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (isProblem(error)) return new ApiProblem(error);
  const detail = error instanceof Error ? error.message : '';
  return new ApiProblem({ type: 'about:blank', title: '', status: 0, code: 'unexpected', detail });
}
