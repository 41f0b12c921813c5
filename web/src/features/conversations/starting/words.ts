/** The first words of a mail, as they are posted. `isBusy`: a file or a picture of theirs is still on its way. */
export interface FirstWords { text: string; html: string; attachment_ids: number[]; isBusy: boolean }
