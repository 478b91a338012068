/** The network address that limits count by: an IPv4 address or an IPv6 /64. Pure. */

/**
 * IPv4 mapped into IPv6 counts as IPv4, without the port that some reverse proxies append: each
 * connection has another one. A /64 is what one customer line usually has.
 */
export function toAddressKey(ip: string): string {
  const ipv4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i.exec(ip);
  if (ipv4?.[1]) return ipv4[1];
  if (!ip.includes(":")) return ip;
  const [head = "", tail] = ip.split("%")[0]?.split("::") ?? [];
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros =
    tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => "0");
  const groups = [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(":")}::/64`;
}
