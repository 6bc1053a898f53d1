import { createRouter, createWebHistory } from 'vue-router'
import Desk from './desk/Desk.vue'

/** Fetched when they are first looked at: the desk does not wait for them. */
const DevicesPage = () => import('./devices/DevicesPage.vue')
const CamerasPage = () => import('./cameras/CamerasPage.vue')
const DutyPage = () => import('./duty/DutyPage.vue')
const AdminPage = () => import('./admin/AdminPage.vue')
const IncidentsPage = () => import('./incidents/IncidentsPage.vue')
const ForcesPage = () => import('./forces/ForcesPage.vue')
const InboxPage = () => import('./inbox/InboxPage.vue')
const BroadcastPlatformsPage = () => import('./broadcastPlatforms/BroadcastPlatformsPage.vue')
const ExchangePage = () => import('./exchange/ExchangePage.vue')
const HandoverPage = () => import('./handover/HandoverPage.vue')
const LogPage = () => import('./log/LogPage.vue')
const DocumentsPage = () => import('./documents/DocumentsPage.vue')
const PlansPage = () => import('./plans/PlansPage.vue')
const ResponsePage = () => import('./response/ResponsePage.vue')
const DrillsPage = () => import('./drills/DrillsPage.vue')
const DronesPage = () => import('./drones/DronesPage.vue')
const TasksPage = () => import('./drills/TasksPage.vue')
const OrdersPage = () => import('./orders/OrdersPage.vue')
const PeoplePage = () => import('./people/PeoplePage.vue')
const StatisticsPage = () => import('./statistics/StatisticsPage.vue')
const ArchivePage = () => import('./archive/ArchivePage.vue')
const ReplayPage = () => import('./replay/ReplayPage.vue')
const ReactionsPage = () => import('./reaction/ReactionsPage.vue')
const ReportingStatisticsPage = () => import('./reportingstatistics/ReportingStatisticsPage.vue')
const ReadinessPage = () => import('./readiness/ReadinessPage.vue')
const ReportingRulesPage = () => import('./reportingrules/ReportingRulesPage.vue')
const CalloutsPage = () => import('./callouts/CalloutsPage.vue')
const StatusCallsPage = () => import('./statuscalls/StatusCallsPage.vue')
const MeetingsPage = () => import('./meetings/MeetingsPage.vue')
const DarkPage = () => import('./dark/DarkPage.vue')
const BroadcastPage = () => import('./broadcast/BroadcastPage.vue')
const SheltersPage = () => import('./shelters/SheltersPage.vue')
const SuppliesPage = () => import('./supplies/SuppliesPage.vue')
const WarningsPage = () => import('./warnings/WarningsPage.vue')
const MapPage = () => import('./mapping/MapPage.vue')
const WallPage = () => import('./wall/WallPage.vue')
const SpotChecksPage = () => import('./spotcheck/SpotChecksPage.vue')

/** An incident lies over the desk as a drawer, a device over the register: such paths are the same screen. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'desk', component: Desk },
    { path: '/i/:id(\\d+)', name: 'incident', component: Desk },
    { path: '/devices', name: 'devices', component: DevicesPage },
    { path: '/devices/:id(\\d+)', name: 'device', component: DevicesPage },
    { path: '/devices/:tab(tests|kit|radio|unknown|maintenance)', name: 'devices-tab', component: DevicesPage },
    { path: '/cameras', name: 'cameras', component: CamerasPage },
    { path: '/cameras/:id(\\d+)', name: 'camera', component: CamerasPage },
    { path: '/readiness', name: 'readiness', component: ReadinessPage },
    { path: '/readiness/:township(\\d{12})', name: 'readiness-township', component: ReadinessPage },
    { path: '/readiness/:tab(checklist)/:place(\\d{12})', name: 'readiness-checklist', component: ReadinessPage },
    { path: '/readiness/:tab(month|checklist)', name: 'readiness-tab', component: ReadinessPage },
    { path: '/spot-checks', name: 'spot-checks', component: SpotChecksPage },
    { path: '/spot-checks/:id(\\d+|new)', name: 'spot-check', component: SpotChecksPage },
    { path: '/spot-checks/:tab(follow|scores)', name: 'spot-checks-tab', component: SpotChecksPage },
    { path: '/admin', name: 'admin', component: AdminPage },
    { path: '/admin/:tab(audit|tokens)', name: 'admin-tab', component: AdminPage },
    { path: '/incidents', name: 'incidents', component: IncidentsPage },
    { path: '/incidents/:tab(bodies)', name: 'incidents-tab', component: IncidentsPage },
    { path: '/inbox', name: 'inbox', component: InboxPage },
    { path: '/inbox/:tab(judged|partners)', name: 'inbox-tab', component: InboxPage },
    { path: '/broadcast-platforms', name: 'broadcast-platforms', component: BroadcastPlatformsPage },
    { path: '/broadcast-platforms/:tab(incoming|packets)', name: 'broadcast-platforms-tab', component: BroadcastPlatformsPage },
    { path: '/exchange', name: 'exchange', component: ExchangePage },
    { path: '/exchange/:tab(outgoing|peers)', name: 'exchange-tab', component: ExchangePage },
    { path: '/warnings', name: 'warnings', component: WarningsPage },
    { path: '/warnings/:id(\\d+)', name: 'warning', component: WarningsPage },
    { path: '/warnings/:tab(over|messages|sources)', name: 'warnings-tab', component: WarningsPage },
    { path: '/call-and-respond', name: 'callouts', component: CalloutsPage },
    { path: '/call-and-respond/:id(\\d+|new)', name: 'callout', component: CalloutsPage },
    { path: '/status-calls', name: 'status-calls', component: StatusCallsPage },
    { path: '/status-calls/:id(\\d+|new)', name: 'status-call', component: StatusCallsPage },
    { path: '/meetings', name: 'meetings', component: MeetingsPage },
    { path: '/meetings/:id(\\d+|new)', name: 'meeting', component: MeetingsPage },
    { path: '/documents', name: 'documents', component: DocumentsPage },
    { path: '/documents/:id(\\d+)', name: 'document', component: DocumentsPage },
    { path: '/documents/:tab(drafts|templates)', name: 'documents-tab', component: DocumentsPage },
    { path: '/reporting-rules', name: 'reporting-rules', component: ReportingRulesPage },
    { path: '/reporting-rules/:tab(edit|diff|try)', name: 'reporting-rules-tab', component: ReportingRulesPage },
    { path: '/plans', name: 'plans', component: PlansPage },
    { path: '/plans/:id(\\d+)', name: 'plan', component: PlansPage },
    { path: '/plans/:tab(runs)', name: 'plan-runs', component: PlansPage },
    { path: '/plans/:tab(runs)/:run(\\d+)', name: 'plan-run', component: PlansPage },
    { path: '/response', name: 'response', component: ResponsePage },
    { path: '/response/:id(\\d+|new)', name: 'response-one', component: ResponsePage },
    { path: '/drills', name: 'drills', component: DrillsPage },
    { path: '/drills/:id(\\d+|new)', name: 'drill', component: DrillsPage },
    { path: '/drones', name: 'drones', component: DronesPage },
    { path: '/tasks', name: 'tasks', component: TasksPage },
    { path: '/orders', name: 'orders', component: OrdersPage },
    { path: '/orders/:id(\\d+)', name: 'order', component: OrdersPage },
    { path: '/orders/:tab(instructions)', name: 'orders-tab', component: OrdersPage },
    { path: '/broadcast', name: 'broadcast', component: BroadcastPage },
    { path: '/broadcast/:id(\\d+)', name: 'broadcast-sheet', component: BroadcastPage },
    { path: '/broadcast/:tab(new|terminals|repairs)', name: 'broadcast-tab', component: BroadcastPage },
    { path: '/shelters', name: 'shelters', component: SheltersPage },
    { path: '/shelters/:shelter(\\d+)', name: 'shelter', component: SheltersPage },
    { path: '/shelters/:tab(evacuations)/:evacuation(\\d+)', name: 'evacuation', component: SheltersPage },
    { path: '/shelters/:tab(evacuations|villages)', name: 'shelters-tab', component: SheltersPage },
    { path: '/dark', name: 'dark', component: DarkPage },
    { path: '/dark/:tab(messengers|network|pairs|late)', name: 'dark-tab', component: DarkPage },
    { path: '/supplies', name: 'supplies', component: SuppliesPage },
    { path: '/supplies/warehouses/:warehouse(\\d+)', name: 'supplies-warehouse', component: SuppliesPage },
    { path: '/supplies/:tab(transfers)/:order(\\d+)', name: 'supplies-transfer', component: SuppliesPage },
    { path: '/supplies/:tab(transfers|expiry|count)', name: 'supplies-tab', component: SuppliesPage },
    { path: '/forces', name: 'forces', component: ForcesPage },
    { path: '/forces/:tab(equipment|experts|outside)', name: 'forces-tab', component: ForcesPage },
    { path: '/people', name: 'people', component: PeoplePage },
    { path: '/people/:id(\\d+)', name: 'person', component: PeoplePage },
    { path: '/people/:tab(groups|places|teams|partners)', name: 'people-tab', component: PeoplePage },
    { path: '/handover', name: 'handover', component: HandoverPage },
    { path: '/statistics', name: 'statistics', component: StatisticsPage },
    { path: '/archive', name: 'archive', component: ArchivePage },
    { path: '/replay', name: 'replay', component: ReplayPage },
    { path: '/reactions', name: 'reactions', component: ReactionsPage },
    { path: '/reporting-statistics', name: 'reportingStatistics', component: ReportingStatisticsPage },
    { path: '/map', name: 'map', component: MapPage },
    { path: '/wall', name: 'wall', component: WallPage },
    { path: '/log', name: 'log', component: LogPage },
    { path: '/duty', name: 'duty', component: DutyPage },
    { path: '/duty/:tab(roster|mine|posts|calendar)', name: 'duty-tab', component: DutyPage },
    { path: '/duty/:tab(roster)/:post(\\d+)/:month(20\\d\\d-\\d\\d)', name: 'roster', component: DutyPage },
    { path: '/duty/:tab(posts)/:post(\\d+)', name: 'post', component: DutyPage },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})

export const showIncident = (id: number): void => void router.push(`/i/${id}`)
export const showDesk = (): void => void router.push('/')
export const showSpotChecks = (): void => void router.push('/spot-checks')
export const showSpotCheck = (id: number | 'new'): void => void router.push(`/spot-checks/${id}`)
export const showCallouts = (): void => void router.push('/call-and-respond')
export const showCallout = (id: number | 'new'): void => void router.push(`/call-and-respond/${id}`)
export const showStatusCalls = (): void => void router.push('/status-calls')
export const showStatusCall = (id: number | 'new'): void => void router.push(`/status-calls/${id}`)
export const showPlan = (id: number): void => void router.push(`/plans/${id}`)
export const showRun = (id: number): void => void router.push(`/plans/runs/${id}`)
export const showResponse = (id: number | 'new'): void => void router.push(`/response/${id}`)
export const showOrder = (id: number): void => void router.push(`/orders/${id}`)
export const showDevices = (): void => void router.push('/devices')
export const showRoster = (post: number, month: string): void => void router.push(`/duty/roster/${post}/${month}`)
export const showPost = (post: number): void => void router.push(`/duty/posts/${post}`)
/** The filter of the register stays what it is. */
export const showDevice = (id: number): void => {
  const { name, query } = router.currentRoute.value
  void router.push({ path: `/devices/${id}`, query: name === 'devices' || name === 'device' ? query : {} })
}
/** The filter of the people stays what it is. */
export const showPerson = (id: number): void => {
  const { name, query } = router.currentRoute.value
  void router.push({ path: `/people/${id}`, query: name === 'people' || name === 'person' ? query : {} })
}
/** A window of time once more; the incident is the one that is followed. */
export const showReplay = (start: string, end: string, incident: number): void => void router.push({ path: '/replay', query: { start, end, incident: String(incident) } })
