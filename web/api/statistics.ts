import { http } from './client'
import type { Answer } from './types'

export type Statistics = Answer<'StatisticsFact'>
export type Measure = Answer<'MeasureFact'>
export type Figure = Answer<'TallyFact'>
export type FigureRow = Answer<'FigureRow'>
export type Counted = Answer<'CountedFact'>
export type CountedList = Answer<'CountedList'>

/** Every endpoint of the statistics (统计), one line each. */
export const statisticsApi = {
  read: (query: string) => http.get<Statistics>(`/api/statistics?${query}`),
  counted: (query: string) => http.get<CountedList>(`/api/statistics/counted?${query}`),
}
