/**
 * @module The drivers that a manager admits. A bus that gets a driver offers it to device after device, so the gate hears the
 * same question again and again: the latest answer is kept, and spares the look-up of the driver.
 */
import type { Driver } from '../device.ts';

/** Drivers, always as they are now. */
export interface AdmittedDrivers extends ReadonlySet<Driver> {
  /** As `has`, for whoever asks often. */
  admits(driver: Driver): boolean;
}

/** Stands for no question. */
const NOTHING: Driver = Object.freeze({ name: '' });

export class DriverSet extends Set<Driver> implements AdmittedDrivers {
  #asked = NOTHING;
  #answer = false;

  constructor(...drivers: readonly Driver[]) {
    // `Set` would add them before there are fields to write to.
    super();
    for (const driver of drivers) this.add(driver);
  }

  admits(driver: Driver): boolean {
    if (driver !== this.#asked) {
      this.#answer = this.has(driver);
      this.#asked = driver;
    }
    return this.#answer;
  }

  override add(driver: Driver): this {
    this.#asked = NOTHING;
    return super.add(driver);
  }

  override delete(driver: Driver): boolean {
    this.#asked = NOTHING;
    return super.delete(driver);
  }

  override clear(): void {
    this.#asked = NOTHING;
    super.clear();
  }
}
