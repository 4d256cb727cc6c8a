/** The mode that the number of assistants calls for. */
export const modeFor = (assistants: number): string => (assistants > 0 ? 'lead_assist' : 'single');
