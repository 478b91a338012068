import { afterEach, describe, expect, it, vi } from "vitest";
import { oneAtATime } from "../../../../widget/tabs/one-at-a-time.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs under `name`, and says how many others ran at the same time. */
function createTask(running: Set<object>) {
  const self = {};
  return async () => {
    running.add(self);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { size } = running;
    running.delete(self);
    return size;
  };
}

describe("one at a time", () => {
  it("keeps tasks of one name apart, and gives what each gives", async () => {
    const running = new Set<object>();
    const tasks = [1, 2, 3].map(() => oneAtATime("same", createTask(running), 20));
    expect(await Promise.all(tasks)).toEqual([1, 1, 1]);
  });

  it("lets tasks of different names run together", async () => {
    const running = new Set<object>();
    const tasks = ["one", "other"].map((name) => oneAtATime(name, createTask(running)));
    expect(await Promise.all(tasks)).toContain(2);
  });

  it("rejects as the task does, which runs once, and lets the next one run", async () => {
    const task = vi.fn(() => Promise.reject(new Error("no")));
    await expect(oneAtATime("failing", task)).rejects.toThrow("no");
    expect(task).toHaveBeenCalledOnce();
    await expect(oneAtATime("failing", async () => "yes")).resolves.toBe("yes");
  });

  it("runs the task all the same where the browser refuses locks", async () => {
    vi.spyOn(navigator.locks, "request").mockRejectedValue(new DOMException("", "SecurityError"));
    await expect(oneAtATime("a", async () => "yes")).resolves.toBe("yes");
  });

  it("goes ahead when the one before takes too long, as a page that sleeps does", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new DOMException("", "TimeoutError")), 50);
      return controller.signal;
    });
    void oneAtATime("stuck", () => new Promise<void>(() => undefined));
    await expect(oneAtATime("stuck", async () => "yes")).resolves.toBe("yes");
    expect(timeout).toHaveBeenCalledWith(10_000);
  });
});
