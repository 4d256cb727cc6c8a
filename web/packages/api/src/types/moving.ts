/** Where a device was last. */
export interface Moving {
  /** Code of the device. */
  device: string;
  name: string;
  profile: string;
  lon: number;
  lat: number;
  speed_kmh?: number | null;
  /** Degrees from north. */
  heading?: number | null;
  at: string;
  revision: number;
}

export interface MovingAnswer {
  moved: Moving[];
  /** What to ask after the next time. */
  revision: number;
  has_more: boolean;
}

/** Longitude, latitude, seconds since the trail's `from`, speed in km/h where it is known. */
export type TrailPoint = [lon: number, lat: number, seconds: number, speed?: number | null];

export interface TrailStop {
  from: string;
  until: string;
  lon: number;
  lat: number;
}

/** Where a device went without a gap. */
export interface Trail {
  from: string;
  until: string;
  points: TrailPoint[];
  stops: TrailStop[];
  length_km: number;
  mean_kmh: number;
  max_kmh: number;
}
