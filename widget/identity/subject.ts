/** Whose JWT it is: its `sub`, byte by byte; undefined when it is none. Whether it is true the proxy says. */
export function subjectOf(jwt = ""): unknown {
  try {
    const payload = jwt.split(".")[1] ?? "";
    return JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/"))).sub;
  } catch {
    return undefined;
  }
}
