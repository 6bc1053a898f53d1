import { http } from './client'
import type { Answer } from './types'

/** The duty posts of the scope, with who holds their seats now. */
export type Post = Answer<'PostOnDuty'>

export const duty = {
  posts: () => http.get<Post[]>('/api/duty/now'),
}
