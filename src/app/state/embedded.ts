/** Whether the page stands within another: `?embed=1` before the # leaves the results alone. */
export const embedded = new URLSearchParams(location.search).get('embed') === '1';
