export function planPictureUrl(pictureId: number): string {
  return `/api/plan-pictures/${pictureId}`
}

/** Where the drawings of a room are sent. */
export function planPicturesUrl(roomId: number, name: string): string {
  return `/api/rooms/${roomId}/plan-pictures?name=${encodeURIComponent(name)}`
}
