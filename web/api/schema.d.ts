// The wire shapes of app/dispatch and app/org, in the layout of openapi-typescript.
// `npm run api` regenerates this file from openapi.json.
export interface components {
  schemas: {
    Role:
      | 'centre_leader'
      | 'shift_lead'
      | 'duty_officer'
      | 'township_officer'
      | 'responder'
      | 'device_admin'
      | 'auditor'
    Permission:
      | 'see_desk'
      | 'see_restricted'
      | 'command'
      | 'answer'
      | 'set_standby'
      | 'manage_devices'
      | 'audit'
    Me: {
      id: number
      name: string
      username: string
      role: components['schemas']['Role']
      stream: string
      scope: string
      team_ids: number[]
      permissions: components['schemas']['Permission'][]
    }
    Actor: { id: number; name: string; role: string }
    PositionFact: {
      device_id: number
      team_id: number | null
      region_code: string
      lon: number
      lat: number
      speed_mps: number | null
      course_deg: number | null
      fixed_at: string | null
      heard_at: string
    }
    TrailPoint: { lon: number; lat: number; fixed_at: string | null; heard_at: string }
    AlarmFact: {
      id: number
      state: 'open' | 'acknowledged' | 'confirmed' | 'dismissed'
      kind: 'sos'
      family: string
      device_id: number
      device_number: string
      device_label: string
      holder_name: string | null
      holder_phone: string | null
      unit_name: string | null
      team_id: number | null
      region_code: string
      region_path: string
      text: string
      count: number
      sent_at: string | null
      first_heard_at: string
      last_heard_at: string
      lon: number | null
      lat: number | null
      fixed_at: string | null
      trail: components['schemas']['TrailPoint'][]
      acknowledged_by: string | null
      acknowledged_at: string | null
      settled_by: string | null
      settled_at: string | null
      dismiss_reason: string | null
      incident_id: number | null
    }
    Caller: { name: string; phone: string; words: string }
    Casualties: {
      dead: number | null
      missing: number | null
      trapped: number | null
      seriously_injured: number | null
      slightly_injured: number | null
      at_risk: number | null
    }
    IncidentSource: 'device_alarm' | 'telephone' | 'radio' | 'walk_in' | 'superior' | 'partner'
    IncidentFact: {
      id: number
      number: string
      state: 'open' | 'closed'
      version: number
      title: string
      event_scheme: string
      event_code: string
      event_name_zh: string
      event_name_en: string
      initial_level: number
      restricted: boolean
      life_threat: boolean
      source: components['schemas']['IncidentSource']
      region_code: string
      region_path: string
      address: string
      lon: number | null
      lat: number | null
      description: string
      callers: components['schemas']['Caller'][]
      casualties: components['schemas']['Casualties']
      occurred_at: string | null
      received_at: string
      opened_at: string
      opened_by: string
      closed_at: string | null
      closed_by: string | null
      close_reason: string | null
      alarm_ids: number[]
    }
    AnswerChannel: 'app' | 'beidou' | 'jt808' | 'radio' | 'telephone' | 'satellite_phone' | 'in_person'
    AssignmentState:
      | 'dispatched'
      | 'acknowledged'
      | 'en_route'
      | 'on_scene'
      | 'task_done'
      | 'declined'
      | 'cancelled'
    AssignmentFact: {
      id: number
      incident_id: number
      incident_number: string
      team_id: number
      team_name: string
      call_sign: string
      state: components['schemas']['AssignmentState']
      text: string
      rank_when_assigned: number | null
      assigned_by: string
      assigned_at: string
      answer_due_at: string
      escalation_step: number
      leader_alerted_at: string | null
      acknowledged_at: string | null
      en_route_at: string | null
      on_scene_at: string | null
      task_done_at: string | null
      declined_at: string | null
      cancelled_at: string | null
      answered_by: string | null
      answer_channel: components['schemas']['AnswerChannel'] | null
      reason: string | null
    }
    DeliveryState:
      | 'queued'
      | 'submitted'
      | 'accepted'
      | 'delivered'
      | 'failed'
      | 'unknown'
      | 'expired'
      | 'cancelled'
    DeliveryFact: {
      id: number
      assignment_id: number | null
      team_id: number | null
      channel: 'app' | 'beidou' | 'jt808'
      address: string
      state: components['schemas']['DeliveryState']
      part_count: number
      reason: string
      queued_at: string
      submitted_at: string | null
      accepted_at: string | null
      delivered_at: string | null
      ended_at: string | null
      expires_at: string
    }
    TeamFact: {
      id: number
      name_zh: string
      name_en: string
      call_sign: string
      kind: string
      region_code: string
      lon: number | null
      lat: number | null
      strength: number
      capabilities: string[]
      leader_name: string | null
      leader_phone: string | null
      standby: boolean
    }
    TextFact: {
      id: number
      device_id: number
      device_label: string
      family: string
      region_code: string
      team_id: number | null
      text: string
      heard_at: string
    }
    AlarmChanged: {
      type: 'alarm.raised' | 'alarm.repeated' | 'alarm.acknowledged' | 'alarm.dismissed'
      alarm: components['schemas']['AlarmFact']
    }
    AlarmConfirmed: {
      type: 'alarm.confirmed'
      alarm: components['schemas']['AlarmFact']
      incident: components['schemas']['IncidentFact']
    }
    IncidentChanged: {
      type: 'incident.opened' | 'incident.amended' | 'incident.closed'
      incident: components['schemas']['IncidentFact']
    }
    AssignmentDispatched: {
      type: 'assignment.dispatched'
      assignment: components['schemas']['AssignmentFact']
      incident: components['schemas']['IncidentFact']
      deliveries: components['schemas']['DeliveryFact'][]
    }
    AssignmentChanged: {
      type:
        | 'assignment.acknowledged'
        | 'assignment.declined'
        | 'assignment.en_route'
        | 'assignment.on_scene'
        | 'assignment.task_done'
        | 'assignment.cancelled'
        | 'assignment.escalated'
      assignment: components['schemas']['AssignmentFact']
      deliveries: components['schemas']['DeliveryFact'][]
    }
    DeliveryChanged: {
      type:
        | 'delivery.submitted'
        | 'delivery.accepted'
        | 'delivery.delivered'
        | 'delivery.failed'
        | 'delivery.unknown'
        | 'delivery.expired'
        | 'delivery.queued'
      delivery: components['schemas']['DeliveryFact']
    }
    TeamStandbyChanged: { type: 'team.standby_changed'; team: components['schemas']['TeamFact'] }
    TextReceived: { type: 'text.received'; text: components['schemas']['TextFact'] }
    Snapshot: {
      seq: number
      at: string
      me: components['schemas']['Me']
      alarms: components['schemas']['AlarmFact'][]
      incidents: components['schemas']['IncidentFact'][]
      assignments: components['schemas']['AssignmentFact'][]
      deliveries: components['schemas']['DeliveryFact'][]
      teams: components['schemas']['TeamFact'][]
      positions: components['schemas']['PositionFact'][]
    }
    Region: {
      code: string
      name: string
      name_en: string
      kind: string
      parent: string | null
      lon: number | null
      lat: number | null
    }
    EventType: {
      scheme: string
      code: string
      name_zh: string
      name_en: string
      category: string
      restricted: boolean
    }
    Reference: {
      regions: components['schemas']['Region'][]
      event_types: components['schemas']['EventType'][]
      limits: { answer_limit_s: number; leader_alert_limit_s: number; position_limit_s: number }
      centre: { name_zh: string; name_en: string }
      drill: boolean
      demo_accounts?: { username: string; password: string; name: string; role: string }[] | null
    }
    Reason: { code: string; zh: string; en: string }
    Offer: {
      rank: number
      team_id: number
      team_name: string
      call_sign: string
      distance_m: number | null
      eta_s: number | null
      score: number
      reasons: components['schemas']['Reason'][]
    }
    LeftOut: { team_id: number; team_name: string; code: string; zh: string; en: string }
    Recommendation: {
      incident_id: number
      at: string
      wanted: string[]
      offers: components['schemas']['Offer'][]
      left_out: components['schemas']['LeftOut'][]
      shortfall: { zh: string; en: string } | null
    }
    Device: {
      id: number
      family: string
      number: string
      label: string
      team_id: number | null
      holder_name: string | null
      region_code: string
      last_heard_at: string | null
      state: string
    }
    Problem: {
      type: string
      title: string
      status: number
      code: string
      detail?: string
      zh: string
      en: string
      fields?: { name: string; zh: string; en: string }[]
    }
  }
}
