import { expect, test } from "vitest";
import { toAddressKey } from "../../../proxy/middleware/address.ts";

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["::FFFF:203.0.113.7", "203.0.113.7"],
  // Some reverse proxies write the port into X-Forwarded-For: it is not part of who asks.
  ["203.0.113.7:50123", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::1", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:db8:1:2::", "2001:db8:1:2::/64"],
  ["2001:db8:1:2:3::4", "2001:db8:1:2::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["fe80::1:2:3:4%25en0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["1::2:3:4:5:6:7", "1:0:2:3::/64"],
  ["", ""],
])("%j counts as %j", (ip, key) => {
  expect(toAddressKey(ip)).toBe(key);
});

test("addresses of one /64 share a key, those of the next one do not", () => {
  const key = toAddressKey("2001:db8:1:2::1");

  expect(toAddressKey("2001:db8:1:2:ffff:ffff:ffff:ffff")).toBe(key);
  expect(toAddressKey("2001:db8:1:3::1")).not.toBe(key);
});

test.each(["1:2:3:4:5:6:7:8:9::", ":::", "zz::1", "1.2.3.4.5:x"])(
  "junk like %j never throws",
  (ip) => {
    expect(() => toAddressKey(ip)).not.toThrow();
  },
);
