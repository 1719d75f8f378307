/** Explains why a call to AWS failed, and what to do. */
export function explainAwsError(error: unknown, region: string): string {
  const { name = "", message = String(error) } = (error ?? {}) as { name?: string; message?: string };
  const code = systemCode(error);
  const details = `${name}: ${message}`;
  if (/CredentialsProviderError|TokenProviderError|Could not load credentials/.test(details)) {
    return `No AWS credentials found (${message.split("\n")[0]}). Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws sso login. Then check them with aws sts get-caller-identity.`;
  }
  if (/Expired/i.test(name)) {
    return `The AWS credentials have expired (${details}). Run aws sso login, or assume the role again.`;
  }
  if (/InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|AuthFailure|IncompleteSignature/.test(name)) {
    return `AWS rejects the credentials (${details}). Check them. If they are right, check with aws account list-regions that the region ${region} is enabled in the account.`;
  }
  if (isDenied(name)) {
    return `The credentials lack ${actionOf(error) ?? "a permission"} (${message}). Attach the policy in docs/doctor.md.`;
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return `The name of AWS's endpoint in ${region} cannot be resolved (${message}). Check the region's name with aws account list-regions, and your network connection.`;
  }
  if (code !== undefined || /Timeout/i.test(name)) {
    return `AWS in ${region} cannot be reached (${code ?? name}: ${message}). Check the network, the proxy (HTTPS_PROXY) and the firewall.`;
  }
  if (/Throttl|TooManyRequests|RequestLimitExceeded/i.test(name)) {
    return `AWS throttles the calls (${details}). Try again in a minute.`;
  }
  return `AWS returned an error (${details}).`;
}

/** The key of the IAM action of the failed call, which the clients add to errors. Messages of EC2 often do not name it. */
export const ACTION = Symbol("IAM action");

/** Returns the IAM action that the credentials lack, or undefined for another error. */
export const deniedAction = (error: unknown): string | undefined =>
  isDenied((error as { name?: string } | undefined)?.name ?? "") ? actionOf(error) : undefined;

const isDenied = (name: string): boolean => /AccessDenied|UnauthorizedOperation|NotAuthorized/.test(name);

const actionOf = (error: unknown): string | undefined => (error as { [ACTION]?: string })[ACTION];

/** Returns the operating system's code of an error or of its cause. Errors of AWS have none. */
function systemCode(error: unknown): string | undefined {
  for (let one = error as { code?: unknown; cause?: unknown; errors?: unknown[] } | undefined; one; ) {
    if (typeof one.code === "string" && /^E[A-Z_]+$/.test(one.code)) return one.code;
    one = (one.errors?.[0] ?? one.cause) as typeof one;
  }
  return undefined;
}
