/** Why an answer of AWS, or none, kept the doctor from looking, and what to do about it. */
export function couldNotLook(error: unknown, region: string): string {
  const { name = "", message = String(error) } = (error ?? {}) as { name?: string; message?: string };
  const code = systemCode(error);
  const said = `${name}: ${message}`;
  if (/CredentialsProviderError|TokenProviderError|Could not load credentials/.test(said)) {
    return `There are no AWS credentials (${message.split("\n")[0]}). Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws sso login; aws sts get-caller-identity must answer.`;
  }
  if (/Expired/i.test(name)) {
    return `The AWS credentials have expired (${said}). Get new ones: aws sso login, or assume the role again.`;
  }
  if (/InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|AuthFailure|IncompleteSignature/.test(name)) {
    return `AWS refuses the credentials (${said}). Where they are right, the region ${region} may not be enabled in the account: aws account list-regions shows it.`;
  }
  if (/AccessDenied|UnauthorizedOperation|NotAuthorized/.test(name)) {
    return `The credentials may not look (${message}). Give them the policy in docs/doctor.md.`;
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return `No address is known for AWS in ${region} (${message}). Is there such a region (aws account list-regions), and is this machine online?`;
  }
  if (code !== undefined || /Timeout/i.test(name)) {
    return `AWS in ${region} can't be reached (${code ?? name}: ${message}). See the network, a proxy (HTTPS_PROXY) or a firewall.`;
  }
  if (/Throttl|TooManyRequests|RequestLimitExceeded/i.test(name)) {
    return `AWS asks for patience (${said}). Run it again in a minute.`;
  }
  return `AWS answered with an error (${said}).`;
}

/** The operating system's code of an error or of what caused it; AWS's own errors have none. */
function systemCode(error: unknown): string | undefined {
  for (let one = error as { code?: unknown; cause?: unknown; errors?: unknown[] } | undefined; one; ) {
    if (typeof one.code === "string" && /^E[A-Z_]+$/.test(one.code)) return one.code;
    one = (one.errors?.[0] ?? one.cause) as typeof one;
  }
  return undefined;
}
