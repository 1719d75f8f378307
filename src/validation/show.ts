/**
 * A value as a message shows it: JSON, which is what Terraform's own messages show too. A private key that was pasted into
 * the wrong place is not shown, since an error ends up in logs.
 */
export function show(value: unknown): string {
  const text = asText(value);
  return text.includes("PRIVATE KEY") ? "a private key, which is not shown" : text;
}

function asText(value: unknown): string {
  if (typeof value === "number") return String(value);
  try {
    return JSON.stringify(value) ?? "nothing";
  } catch {
    // A BigInt or a circular object has no JSON.
    return String(value);
  }
}
