/** Whether anything is under way that must not be cut off by a sweep or a clean end. */

export type Occupancy = {
  isOccupied: () => boolean;
  /** Occupies it while `work` runs. */
  occupy: <Result>(work: () => Promise<Result>) => Promise<Result>;
};

export function createOccupancy(): Occupancy {
  let occupants = 0;
  return {
    isOccupied: () => occupants > 0,
    async occupy(work) {
      occupants += 1;
      try {
        return await work();
      } finally {
        occupants -= 1;
      }
    },
  };
}
