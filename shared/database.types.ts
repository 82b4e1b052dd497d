// Written by `npm run generate` from the migrations, with `supabase gen types`.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  'public': {
    Tables: {
      'active_ai_transfers': {
        Row: {
          'agent_id': string | null
          'attempts': number
          'call_id': string
          'context': NonNullable<Json>
          'created_at': string
          'ended_at': string | null
          'id': string
          'organization_id': string
          'started_at': string
          'status': string
          'target_number': string
          'updated_at': string
        }
        ComputedFields: never
        Insert: {
          'agent_id'?: string | null
          'attempts'?: number
          'call_id': string
          'context'?: NonNullable<Json>
          'created_at'?: string
          'ended_at'?: string | null
          'id'?: string
          'organization_id'?: string
          'started_at'?: string
          'status'?: string
          'target_number': string
          'updated_at'?: string
        }
        Update: {
          'agent_id'?: string | null
          'attempts'?: number
          'call_id'?: string
          'context'?: NonNullable<Json>
          'created_at'?: string
          'ended_at'?: string | null
          'id'?: string
          'organization_id'?: string
          'started_at'?: string
          'status'?: string
          'target_number'?: string
          'updated_at'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'active_ai_transfers_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'active_ai_transfers_call_id_fkey'
            columns: ['organization_id', 'call_id']
            isOneToOne: false
            referencedRelation: 'call_logs'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'agent_scripts': {
        Row: {
          'agent_id': string | null
          'agent_name': string | null
          'created_at': string
          'description': string | null
          'id': string
          'is_active': boolean
          'organization_id': string
          'script_content': string
          'script_name': string
          'script_type': string
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'agent_id'?: string | null
          'agent_name'?: string | null
          'created_at'?: string
          'description'?: string | null
          'id'?: string
          'is_active'?: boolean
          'organization_id'?: string
          'script_content': string
          'script_name': string
          'script_type'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'agent_id'?: string | null
          'agent_name'?: string | null
          'created_at'?: string
          'description'?: string | null
          'id'?: string
          'is_active'?: boolean
          'organization_id'?: string
          'script_content'?: string
          'script_name'?: string
          'script_type'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'agent_scripts_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'ai_chatbot_settings': {
        Row: {
          'allowed_actions': (string)[]
          'bot_name': string
          'created_at': string
          'enabled': boolean
          'greeting': string | null
          'handoff_number': string | null
          'id': string
          'max_tokens': number
          'model': string | null
          'organization_id': string
          'personality': string | null
          'temperature': number
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'allowed_actions'?: (string)[]
          'bot_name'?: string
          'created_at'?: string
          'enabled'?: boolean
          'greeting'?: string | null
          'handoff_number'?: string | null
          'id'?: string
          'max_tokens'?: number
          'model'?: string | null
          'organization_id'?: string
          'personality'?: string | null
          'temperature'?: number
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'allowed_actions'?: (string)[]
          'bot_name'?: string
          'created_at'?: string
          'enabled'?: boolean
          'greeting'?: string | null
          'handoff_number'?: string | null
          'id'?: string
          'max_tokens'?: number
          'model'?: string | null
          'organization_id'?: string
          'personality'?: string | null
          'temperature'?: number
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'ai_chatbot_settings_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: true
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'ai_conversation_messages': {
        Row: {
          'content': string
          'conversation_id': string
          'created_at': string
          'id': string
          'metadata': NonNullable<Json>
          'model': string | null
          'organization_id': string
          'role': string
          'tokens_used': number | null
          'tool_calls': NonNullable<Json>
        }
        ComputedFields: never
        Insert: {
          'content': string
          'conversation_id': string
          'created_at'?: string
          'id'?: string
          'metadata'?: NonNullable<Json>
          'model'?: string | null
          'organization_id'?: string
          'role'?: string
          'tokens_used'?: number | null
          'tool_calls'?: NonNullable<Json>
        }
        Update: {
          'content'?: string
          'conversation_id'?: string
          'created_at'?: string
          'id'?: string
          'metadata'?: NonNullable<Json>
          'model'?: string | null
          'organization_id'?: string
          'role'?: string
          'tokens_used'?: number | null
          'tool_calls'?: NonNullable<Json>
        }
        Relationships: [
          {
            foreignKeyName: 'ai_conversation_messages_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'ai_conversation_messages_conversation_id_fkey'
            columns: ['organization_id', 'conversation_id']
            isOneToOne: false
            referencedRelation: 'ai_conversations'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'ai_conversations': {
        Row: {
          'agent_id': string | null
          'channel': string
          'created_at': string
          'ended_at': string | null
          'id': string
          'lead_id': string | null
          'message_count': number
          'model': string | null
          'organization_id': string
          'started_at': string
          'status': string
          'summary': string | null
          'title': string | null
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'agent_id'?: string | null
          'channel'?: string
          'created_at'?: string
          'ended_at'?: string | null
          'id'?: string
          'lead_id'?: string | null
          'message_count'?: number
          'model'?: string | null
          'organization_id'?: string
          'started_at'?: string
          'status'?: string
          'summary'?: string | null
          'title'?: string | null
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'agent_id'?: string | null
          'channel'?: string
          'created_at'?: string
          'ended_at'?: string | null
          'id'?: string
          'lead_id'?: string | null
          'message_count'?: number
          'model'?: string | null
          'organization_id'?: string
          'started_at'?: string
          'status'?: string
          'summary'?: string | null
          'title'?: string | null
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'ai_conversations_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'ai_conversations_lead_id_fkey'
            columns: ['organization_id', 'lead_id']
            isOneToOne: false
            referencedRelation: 'leads'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'ai_daily_insights': {
        Row: {
          'confidence': number | null
          'content': string
          'created_at': string
          'id': string
          'insight_date': string
          'insight_type': string
          'metrics': NonNullable<Json>
          'organization_id': string
          'recommendations': NonNullable<Json>
          'title': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'confidence'?: number | null
          'content': string
          'created_at'?: string
          'id'?: string
          'insight_date'?: string
          'insight_type'?: string
          'metrics'?: NonNullable<Json>
          'organization_id'?: string
          'recommendations'?: NonNullable<Json>
          'title': string
          'user_id'?: string | null
        }
        Update: {
          'confidence'?: number | null
          'content'?: string
          'created_at'?: string
          'id'?: string
          'insight_date'?: string
          'insight_type'?: string
          'metrics'?: NonNullable<Json>
          'organization_id'?: string
          'recommendations'?: NonNullable<Json>
          'title'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'ai_daily_insights_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'ai_sms_settings': {
        Row: {
          'ai_personality': string | null
          'auto_response_enabled': boolean
          'business_hours_only': boolean
          'context_window_size': number
          'created_at': string
          'double_text_delay_seconds': number
          'enabled': boolean
          'id': string
          'max_context_tokens': number
          'organization_id': string
          'prevent_double_texting': boolean
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'ai_personality'?: string | null
          'auto_response_enabled'?: boolean
          'business_hours_only'?: boolean
          'context_window_size'?: number
          'created_at'?: string
          'double_text_delay_seconds'?: number
          'enabled'?: boolean
          'id'?: string
          'max_context_tokens'?: number
          'organization_id'?: string
          'prevent_double_texting'?: boolean
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'ai_personality'?: string | null
          'auto_response_enabled'?: boolean
          'business_hours_only'?: boolean
          'context_window_size'?: number
          'created_at'?: string
          'double_text_delay_seconds'?: number
          'enabled'?: boolean
          'id'?: string
          'max_context_tokens'?: number
          'organization_id'?: string
          'prevent_double_texting'?: boolean
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'ai_sms_settings_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: true
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'audit_log': {
        Row: {
          'action': string
          'actor_email': string | null
          'actor_id': string | null
          'actor_type': string
          'address': unknown
          'after': Json | null
          'before': Json | null
          'hash': string
          'id': string
          'object_id': string
          'object_type': string
          'occurred_at': string
          'on_behalf_of': string | null
          'organization_id': string
          'position': number
          'request_id': string | null
        }
        ComputedFields: never
        Insert: {
          'action': string
          'actor_email'?: string | null
          'actor_id'?: string | null
          'actor_type': string
          'address'?: unknown
          'after'?: Json | null
          'before'?: Json | null
          'hash': string
          'id'?: string
          'object_id': string
          'object_type': string
          'occurred_at': string
          'on_behalf_of'?: string | null
          'organization_id': string
          'position': number
          'request_id'?: string | null
        }
        Update: {
          'action'?: string
          'actor_email'?: string | null
          'actor_id'?: string | null
          'actor_type'?: string
          'address'?: unknown
          'after'?: Json | null
          'before'?: Json | null
          'hash'?: string
          'id'?: string
          'object_id'?: string
          'object_type'?: string
          'occurred_at'?: string
          'on_behalf_of'?: string | null
          'organization_id'?: string
          'position'?: number
          'request_id'?: string | null
        }
        Relationships: []
      }
      'autonomous_settings': {
        Row: {
          'auto_approve_script_changes': boolean
          'auto_execute_recommendations': boolean
          'created_at': string
          'decision_tracking_enabled': boolean
          'enabled': boolean
          'id': string
          'max_daily_autonomous_actions': number
          'organization_id': string
          'require_approval_for_high_priority': boolean
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'auto_approve_script_changes'?: boolean
          'auto_execute_recommendations'?: boolean
          'created_at'?: string
          'decision_tracking_enabled'?: boolean
          'enabled'?: boolean
          'id'?: string
          'max_daily_autonomous_actions'?: number
          'organization_id'?: string
          'require_approval_for_high_priority'?: boolean
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'auto_approve_script_changes'?: boolean
          'auto_execute_recommendations'?: boolean
          'created_at'?: string
          'decision_tracking_enabled'?: boolean
          'enabled'?: boolean
          'id'?: string
          'max_daily_autonomous_actions'?: number
          'organization_id'?: string
          'require_approval_for_high_priority'?: boolean
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'autonomous_settings_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: true
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'broadcast_queue': {
        Row: {
          'attempts': number
          'broadcast_id': string
          'created_at': string
          'dtmf_pressed': string | null
          'duration_seconds': number | null
          'error_message': string | null
          'id': string
          'last_attempt_at': string | null
          'lead_id': string | null
          'max_attempts': number
          'organization_id': string
          'phone_number': string
          'scheduled_at': string
          'status': string
          'updated_at': string
        }
        ComputedFields: never
        Insert: {
          'attempts'?: number
          'broadcast_id': string
          'created_at'?: string
          'dtmf_pressed'?: string | null
          'duration_seconds'?: number | null
          'error_message'?: string | null
          'id'?: string
          'last_attempt_at'?: string | null
          'lead_id'?: string | null
          'max_attempts'?: number
          'organization_id'?: string
          'phone_number': string
          'scheduled_at'?: string
          'status'?: string
          'updated_at'?: string
        }
        Update: {
          'attempts'?: number
          'broadcast_id'?: string
          'created_at'?: string
          'dtmf_pressed'?: string | null
          'duration_seconds'?: number | null
          'error_message'?: string | null
          'id'?: string
          'last_attempt_at'?: string | null
          'lead_id'?: string | null
          'max_attempts'?: number
          'organization_id'?: string
          'phone_number'?: string
          'scheduled_at'?: string
          'status'?: string
          'updated_at'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'broadcast_queue_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'broadcast_queue_broadcast_id_fkey'
            columns: ['organization_id', 'broadcast_id']
            isOneToOne: false
            referencedRelation: 'voice_broadcasts'
            referencedColumns: ['organization_id', 'id']
          },
          {
            foreignKeyName: 'broadcast_queue_lead_id_fkey'
            columns: ['organization_id', 'lead_id']
            isOneToOne: false
            referencedRelation: 'leads'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'budget_alerts': {
        Row: {
          'acknowledged_at': string | null
          'alert_type': string
          'budget_cents': number
          'created_at': string
          'id': string
          'message': string | null
          'organization_id': string
          'period': string
          'spent_cents': number
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'acknowledged_at'?: string | null
          'alert_type'?: string
          'budget_cents'?: number
          'created_at'?: string
          'id'?: string
          'message'?: string | null
          'organization_id'?: string
          'period'?: string
          'spent_cents'?: number
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'acknowledged_at'?: string | null
          'alert_type'?: string
          'budget_cents'?: number
          'created_at'?: string
          'id'?: string
          'message'?: string | null
          'organization_id'?: string
          'period'?: string
          'spent_cents'?: number
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'budget_alerts_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'budget_settings': {
        Row: {
          'alert_threshold': number
          'created_at': string
          'currency': string
          'daily_budget_cents': number | null
          'hard_stop': boolean
          'id': string
          'monthly_budget_cents': number | null
          'notes': string | null
          'notify_emails': (string)[]
          'organization_id': string
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'alert_threshold'?: number
          'created_at'?: string
          'currency'?: string
          'daily_budget_cents'?: number | null
          'hard_stop'?: boolean
          'id'?: string
          'monthly_budget_cents'?: number | null
          'notes'?: string | null
          'notify_emails'?: (string)[]
          'organization_id'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'alert_threshold'?: number
          'created_at'?: string
          'currency'?: string
          'daily_budget_cents'?: number | null
          'hard_stop'?: boolean
          'id'?: string
          'monthly_budget_cents'?: number | null
          'notes'?: string | null
          'notify_emails'?: (string)[]
          'organization_id'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'budget_settings_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: true
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'calendar_appointments': {
        Row: {
          'created_at': string
          'description': string | null
          'ends_at': string
          'external_event_id': string | null
          'id': string
          'lead_id': string | null
          'location': string | null
          'meeting_url': string | null
          'organization_id': string
          'provider': string | null
          'reminder_sent_at': string | null
          'starts_at': string
          'status': string
          'timezone': string
          'title': string
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'created_at'?: string
          'description'?: string | null
          'ends_at': string
          'external_event_id'?: string | null
          'id'?: string
          'lead_id'?: string | null
          'location'?: string | null
          'meeting_url'?: string | null
          'organization_id'?: string
          'provider'?: string | null
          'reminder_sent_at'?: string | null
          'starts_at': string
          'status'?: string
          'timezone'?: string
          'title': string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'created_at'?: string
          'description'?: string | null
          'ends_at'?: string
          'external_event_id'?: string | null
          'id'?: string
          'lead_id'?: string | null
          'location'?: string | null
          'meeting_url'?: string | null
          'organization_id'?: string
          'provider'?: string | null
          'reminder_sent_at'?: string | null
          'starts_at'?: string
          'status'?: string
          'timezone'?: string
          'title'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'calendar_appointments_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'calendar_appointments_lead_id_fkey'
            columns: ['organization_id', 'lead_id']
            isOneToOne: false
            referencedRelation: 'leads'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'calendar_availability': {
        Row: {
          'buffer_minutes': number
          'created_at': string
          'day_of_week': number
          'end_time': string
          'id': string
          'is_available': boolean
          'organization_id': string
          'start_time': string
          'timezone': string
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'buffer_minutes'?: number
          'created_at'?: string
          'day_of_week': number
          'end_time'?: string
          'id'?: string
          'is_available'?: boolean
          'organization_id'?: string
          'start_time'?: string
          'timezone'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'buffer_minutes'?: number
          'created_at'?: string
          'day_of_week'?: number
          'end_time'?: string
          'id'?: string
          'is_available'?: boolean
          'organization_id'?: string
          'start_time'?: string
          'timezone'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'calendar_availability_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'calendar_integrations': {
        Row: {
          'access_token_encrypted': string | null
          'calendar_id': string
          'calendar_name': string | null
          'created_at': string
          'id': string
          'is_primary': boolean
          'last_sync_at': string | null
          'organization_id': string
          'provider': string
          'provider_account_email': string | null
          'refresh_token_encrypted': string | null
          'sync_direction': string
          'sync_enabled': boolean
          'sync_errors': NonNullable<Json>
          'token_expires_at': string | null
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'access_token_encrypted'?: string | null
          'calendar_id'?: string
          'calendar_name'?: string | null
          'created_at'?: string
          'id'?: string
          'is_primary'?: boolean
          'last_sync_at'?: string | null
          'organization_id'?: string
          'provider': string
          'provider_account_email'?: string | null
          'refresh_token_encrypted'?: string | null
          'sync_direction'?: string
          'sync_enabled'?: boolean
          'sync_errors'?: NonNullable<Json>
          'token_expires_at'?: string | null
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'access_token_encrypted'?: string | null
          'calendar_id'?: string
          'calendar_name'?: string | null
          'created_at'?: string
          'id'?: string
          'is_primary'?: boolean
          'last_sync_at'?: string | null
          'organization_id'?: string
          'provider'?: string
          'provider_account_email'?: string | null
          'refresh_token_encrypted'?: string | null
          'sync_direction'?: string
          'sync_enabled'?: boolean
          'sync_errors'?: NonNullable<Json>
          'token_expires_at'?: string | null
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'calendar_integrations_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'call_logs': {
        Row: {
          'ai_analysis': NonNullable<Json>
          'answered_at': string | null
          'call_summary': string | null
          'caller_id': string | null
          'campaign_id': string | null
          'cost_cents': number | null
          'created_at': string
          'duration_seconds': number | null
          'ended_at': string | null
          'id': string
          'lead_id': string | null
          'notes': string | null
          'organization_id': string
          'outcome': string | null
          'phone_number': string
          'provider': string | null
          'recording_url': string | null
          'sentiment': string | null
          'started_at': string | null
          'status': string
          'transcript': string | null
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'ai_analysis'?: NonNullable<Json>
          'answered_at'?: string | null
          'call_summary'?: string | null
          'caller_id'?: string | null
          'campaign_id'?: string | null
          'cost_cents'?: number | null
          'created_at'?: string
          'duration_seconds'?: number | null
          'ended_at'?: string | null
          'id'?: string
          'lead_id'?: string | null
          'notes'?: string | null
          'organization_id'?: string
          'outcome'?: string | null
          'phone_number': string
          'provider'?: string | null
          'recording_url'?: string | null
          'sentiment'?: string | null
          'started_at'?: string | null
          'status'?: string
          'transcript'?: string | null
          'user_id'?: string | null
        }
        Update: {
          'ai_analysis'?: NonNullable<Json>
          'answered_at'?: string | null
          'call_summary'?: string | null
          'caller_id'?: string | null
          'campaign_id'?: string | null
          'cost_cents'?: number | null
          'created_at'?: string
          'duration_seconds'?: number | null
          'ended_at'?: string | null
          'id'?: string
          'lead_id'?: string | null
          'notes'?: string | null
          'organization_id'?: string
          'outcome'?: string | null
          'phone_number'?: string
          'provider'?: string | null
          'recording_url'?: string | null
          'sentiment'?: string | null
          'started_at'?: string | null
          'status'?: string
          'transcript'?: string | null
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'call_logs_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'call_logs_campaign_id_fkey'
            columns: ['organization_id', 'campaign_id']
            isOneToOne: false
            referencedRelation: 'campaigns'
            referencedColumns: ['organization_id', 'id']
          },
          {
            foreignKeyName: 'call_logs_lead_id_fkey'
            columns: ['organization_id', 'lead_id']
            isOneToOne: false
            referencedRelation: 'leads'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'caller_id_pool': {
        Row: {
          'answer_rate': number | null
          'area_code': string | null
          'calls_today': number
          'created_at': string
          'daily_limit': number
          'id': string
          'label': string | null
          'last_used_at': string | null
          'organization_id': string
          'phone_number': string
          'spam_score': number | null
          'state': string | null
          'status': string
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'answer_rate'?: number | null
          'area_code'?: string | null
          'calls_today'?: number
          'created_at'?: string
          'daily_limit'?: number
          'id'?: string
          'label'?: string | null
          'last_used_at'?: string | null
          'organization_id'?: string
          'phone_number': string
          'spam_score'?: number | null
          'state'?: string | null
          'status'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'answer_rate'?: number | null
          'area_code'?: string | null
          'calls_today'?: number
          'created_at'?: string
          'daily_limit'?: number
          'id'?: string
          'label'?: string | null
          'last_used_at'?: string | null
          'organization_id'?: string
          'phone_number'?: string
          'spam_score'?: number | null
          'state'?: string | null
          'status'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'caller_id_pool_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'campaign_automation_rules': {
        Row: {
          'actions': NonNullable<Json>
          'campaign_id': string
          'conditions': NonNullable<Json>
          'created_at': string
          'id': string
          'is_active': boolean
          'last_run_at': string | null
          'name': string
          'organization_id': string
          'priority': number
          'trigger_type': string
          'updated_at': string
        }
        ComputedFields: never
        Insert: {
          'actions'?: NonNullable<Json>
          'campaign_id': string
          'conditions'?: NonNullable<Json>
          'created_at'?: string
          'id'?: string
          'is_active'?: boolean
          'last_run_at'?: string | null
          'name': string
          'organization_id'?: string
          'priority'?: number
          'trigger_type'?: string
          'updated_at'?: string
        }
        Update: {
          'actions'?: NonNullable<Json>
          'campaign_id'?: string
          'conditions'?: NonNullable<Json>
          'created_at'?: string
          'id'?: string
          'is_active'?: boolean
          'last_run_at'?: string | null
          'name'?: string
          'organization_id'?: string
          'priority'?: number
          'trigger_type'?: string
          'updated_at'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'campaign_automation_rules_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'campaign_automation_rules_campaign_id_fkey'
            columns: ['organization_id', 'campaign_id']
            isOneToOne: false
            referencedRelation: 'campaigns'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'campaign_phone_pools': {
        Row: {
          'calls_today': number
          'campaign_id': string
          'created_at': string
          'id': string
          'is_active': boolean
          'last_used_at': string | null
          'organization_id': string
          'phone_number_id': string
          'priority': number
          'purpose': string
          'updated_at': string
        }
        ComputedFields: never
        Insert: {
          'calls_today'?: number
          'campaign_id': string
          'created_at'?: string
          'id'?: string
          'is_active'?: boolean
          'last_used_at'?: string | null
          'organization_id'?: string
          'phone_number_id': string
          'priority'?: number
          'purpose'?: string
          'updated_at'?: string
        }
        Update: {
          'calls_today'?: number
          'campaign_id'?: string
          'created_at'?: string
          'id'?: string
          'is_active'?: boolean
          'last_used_at'?: string | null
          'organization_id'?: string
          'phone_number_id'?: string
          'priority'?: number
          'purpose'?: string
          'updated_at'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'campaign_phone_pools_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'campaign_phone_pools_campaign_id_fkey'
            columns: ['organization_id', 'campaign_id']
            isOneToOne: false
            referencedRelation: 'campaigns'
            referencedColumns: ['organization_id', 'id']
          },
          {
            foreignKeyName: 'campaign_phone_pools_phone_number_id_fkey'
            columns: ['organization_id', 'phone_number_id']
            isOneToOne: false
            referencedRelation: 'phone_numbers'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'campaigns': {
        Row: {
          'agent_id': string | null
          'caller_id': string | null
          'calling_hours_end': string
          'calling_hours_start': string
          'calls_per_minute': number
          'created_at': string
          'description': string | null
          'id': string
          'max_attempts': number
          'max_calls_per_day': number | null
          'metadata': NonNullable<Json>
          'name': string
          'organization_id': string
          'provider': string | null
          'retry_delay_minutes': number
          'script': string | null
          'sms_from_number': string | null
          'sms_on_no_answer': boolean
          'sms_template': string | null
          'status': string
          'timezone': string
          'updated_at': string
          'user_id': string | null
          'workflow_id': string | null
        }
        ComputedFields: never
        Insert: {
          'agent_id'?: string | null
          'caller_id'?: string | null
          'calling_hours_end'?: string
          'calling_hours_start'?: string
          'calls_per_minute'?: number
          'created_at'?: string
          'description'?: string | null
          'id'?: string
          'max_attempts'?: number
          'max_calls_per_day'?: number | null
          'metadata'?: NonNullable<Json>
          'name': string
          'organization_id'?: string
          'provider'?: string | null
          'retry_delay_minutes'?: number
          'script'?: string | null
          'sms_from_number'?: string | null
          'sms_on_no_answer'?: boolean
          'sms_template'?: string | null
          'status'?: string
          'timezone'?: string
          'updated_at'?: string
          'user_id'?: string | null
          'workflow_id'?: string | null
        }
        Update: {
          'agent_id'?: string | null
          'caller_id'?: string | null
          'calling_hours_end'?: string
          'calling_hours_start'?: string
          'calls_per_minute'?: number
          'created_at'?: string
          'description'?: string | null
          'id'?: string
          'max_attempts'?: number
          'max_calls_per_day'?: number | null
          'metadata'?: NonNullable<Json>
          'name'?: string
          'organization_id'?: string
          'provider'?: string | null
          'retry_delay_minutes'?: number
          'script'?: string | null
          'sms_from_number'?: string | null
          'sms_on_no_answer'?: boolean
          'sms_template'?: string | null
          'status'?: string
          'timezone'?: string
          'updated_at'?: string
          'user_id'?: string | null
          'workflow_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'campaigns_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'campaigns_workflow_id_fkey'
            columns: ['organization_id', 'workflow_id']
            isOneToOne: false
            referencedRelation: 'workflows'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'carrier_configs': {
        Row: {
          'account_identifier': string | null
          'api_key_encrypted': string | null
          'api_secret_encrypted': string | null
          'carrier_name': string
          'created_at': string
          'id': string
          'is_active': boolean
          'max_concurrent_calls': number
          'organization_id': string
          'priority': number
          'settings': NonNullable<Json>
          'updated_at': string
          'user_id': string | null
          'webhook_secret_encrypted': string | null
        }
        ComputedFields: never
        Insert: {
          'account_identifier'?: string | null
          'api_key_encrypted'?: string | null
          'api_secret_encrypted'?: string | null
          'carrier_name': string
          'created_at'?: string
          'id'?: string
          'is_active'?: boolean
          'max_concurrent_calls'?: number
          'organization_id'?: string
          'priority'?: number
          'settings'?: NonNullable<Json>
          'updated_at'?: string
          'user_id'?: string | null
          'webhook_secret_encrypted'?: string | null
        }
        Update: {
          'account_identifier'?: string | null
          'api_key_encrypted'?: string | null
          'api_secret_encrypted'?: string | null
          'carrier_name'?: string
          'created_at'?: string
          'id'?: string
          'is_active'?: boolean
          'max_concurrent_calls'?: number
          'organization_id'?: string
          'priority'?: number
          'settings'?: NonNullable<Json>
          'updated_at'?: string
          'user_id'?: string | null
          'webhook_secret_encrypted'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'carrier_configs_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'contact_list_filters': {
        Row: {
          'created_at': string
          'description': string | null
          'filters': NonNullable<Json>
          'id': string
          'is_default': boolean
          'last_used_at': string | null
          'name': string
          'organization_id': string
          'sort_by': string | null
          'sort_direction': string
          'updated_at': string
          'use_count': number
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'created_at'?: string
          'description'?: string | null
          'filters'?: NonNullable<Json>
          'id'?: string
          'is_default'?: boolean
          'last_used_at'?: string | null
          'name': string
          'organization_id'?: string
          'sort_by'?: string | null
          'sort_direction'?: string
          'updated_at'?: string
          'use_count'?: number
          'user_id'?: string | null
        }
        Update: {
          'created_at'?: string
          'description'?: string | null
          'filters'?: NonNullable<Json>
          'id'?: string
          'is_default'?: boolean
          'last_used_at'?: string | null
          'name'?: string
          'organization_id'?: string
          'sort_by'?: string | null
          'sort_direction'?: string
          'updated_at'?: string
          'use_count'?: number
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'contact_list_filters_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'daily_reports': {
        Row: {
          'answered_calls': number
          'appointments_set': number
          'conversion_rate': number | null
          'created_at': string
          'id': string
          'metrics': NonNullable<Json>
          'organization_id': string
          'report_date': string
          'spent_cents': number
          'summary': string | null
          'total_calls': number
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'answered_calls'?: number
          'appointments_set'?: number
          'conversion_rate'?: number | null
          'created_at'?: string
          'id'?: string
          'metrics'?: NonNullable<Json>
          'organization_id'?: string
          'report_date'?: string
          'spent_cents'?: number
          'summary'?: string | null
          'total_calls'?: number
          'user_id'?: string | null
        }
        Update: {
          'answered_calls'?: number
          'appointments_set'?: number
          'conversion_rate'?: number | null
          'created_at'?: string
          'id'?: string
          'metrics'?: NonNullable<Json>
          'organization_id'?: string
          'report_date'?: string
          'spent_cents'?: number
          'summary'?: string | null
          'total_calls'?: number
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'daily_reports_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'dialing_queues': {
        Row: {
          'attempts': number
          'campaign_id': string
          'created_at': string
          'id': string
          'last_attempt_at': string | null
          'lead_id': string
          'notes': string | null
          'organization_id': string
          'phone_number': string
          'priority': number
          'scheduled_at': string
          'status': string
          'updated_at': string
        }
        ComputedFields: never
        Insert: {
          'attempts'?: number
          'campaign_id': string
          'created_at'?: string
          'id'?: string
          'last_attempt_at'?: string | null
          'lead_id': string
          'notes'?: string | null
          'organization_id'?: string
          'phone_number': string
          'priority'?: number
          'scheduled_at'?: string
          'status'?: string
          'updated_at'?: string
        }
        Update: {
          'attempts'?: number
          'campaign_id'?: string
          'created_at'?: string
          'id'?: string
          'last_attempt_at'?: string | null
          'lead_id'?: string
          'notes'?: string | null
          'organization_id'?: string
          'phone_number'?: string
          'priority'?: number
          'scheduled_at'?: string
          'status'?: string
          'updated_at'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'dialing_queues_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'dialing_queues_campaign_id_fkey'
            columns: ['organization_id', 'campaign_id']
            isOneToOne: false
            referencedRelation: 'campaigns'
            referencedColumns: ['organization_id', 'id']
          },
          {
            foreignKeyName: 'dialing_queues_lead_id_fkey'
            columns: ['organization_id', 'lead_id']
            isOneToOne: false
            referencedRelation: 'leads'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'disposition_metrics': {
        Row: {
          'actions_triggered': NonNullable<Json>
          'ai_confidence_score': number | null
          'call_ended_at': string | null
          'call_id': string | null
          'campaign_id': string | null
          'created_at': string
          'disposition_id': string | null
          'disposition_name': string
          'disposition_set_at': string
          'id': string
          'lead_id': string | null
          'metadata': NonNullable<Json>
          'new_pipeline_stage': string | null
          'new_status': string | null
          'organization_id': string
          'previous_pipeline_stage': string | null
          'previous_status': string | null
          'set_by': string
          'set_by_user_id': string | null
          'time_to_disposition_seconds': number | null
          'user_id': string | null
          'workflow_id': string | null
        }
        ComputedFields: never
        Insert: {
          'actions_triggered'?: NonNullable<Json>
          'ai_confidence_score'?: number | null
          'call_ended_at'?: string | null
          'call_id'?: string | null
          'campaign_id'?: string | null
          'created_at'?: string
          'disposition_id'?: string | null
          'disposition_name': string
          'disposition_set_at'?: string
          'id'?: string
          'lead_id'?: string | null
          'metadata'?: NonNullable<Json>
          'new_pipeline_stage'?: string | null
          'new_status'?: string | null
          'organization_id'?: string
          'previous_pipeline_stage'?: string | null
          'previous_status'?: string | null
          'set_by'?: string
          'set_by_user_id'?: string | null
          'time_to_disposition_seconds'?: number | null
          'user_id'?: string | null
          'workflow_id'?: string | null
        }
        Update: {
          'actions_triggered'?: NonNullable<Json>
          'ai_confidence_score'?: number | null
          'call_ended_at'?: string | null
          'call_id'?: string | null
          'campaign_id'?: string | null
          'created_at'?: string
          'disposition_id'?: string | null
          'disposition_name'?: string
          'disposition_set_at'?: string
          'id'?: string
          'lead_id'?: string | null
          'metadata'?: NonNullable<Json>
          'new_pipeline_stage'?: string | null
          'new_status'?: string | null
          'organization_id'?: string
          'previous_pipeline_stage'?: string | null
          'previous_status'?: string | null
          'set_by'?: string
          'set_by_user_id'?: string | null
          'time_to_disposition_seconds'?: number | null
          'user_id'?: string | null
          'workflow_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'disposition_metrics_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'disposition_metrics_call_id_fkey'
            columns: ['organization_id', 'call_id']
            isOneToOne: false
            referencedRelation: 'call_logs'
            referencedColumns: ['organization_id', 'id']
          },
          {
            foreignKeyName: 'disposition_metrics_campaign_id_fkey'
            columns: ['organization_id', 'campaign_id']
            isOneToOne: false
            referencedRelation: 'campaigns'
            referencedColumns: ['organization_id', 'id']
          },
          {
            foreignKeyName: 'disposition_metrics_disposition_id_fkey'
            columns: ['organization_id', 'disposition_id']
            isOneToOne: false
            referencedRelation: 'dispositions'
            referencedColumns: ['organization_id', 'id']
          },
          {
            foreignKeyName: 'disposition_metrics_lead_id_fkey'
            columns: ['organization_id', 'lead_id']
            isOneToOne: false
            referencedRelation: 'leads'
            referencedColumns: ['organization_id', 'id']
          },
          {
            foreignKeyName: 'disposition_metrics_workflow_id_fkey'
            columns: ['organization_id', 'workflow_id']
            isOneToOne: false
            referencedRelation: 'workflows'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'dispositions': {
        Row: {
          'auto_actions': NonNullable<Json>
          'color': string
          'created_at': string
          'description': string | null
          'id': string
          'name': string
          'organization_id': string
          'pipeline_stage': string | null
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'auto_actions'?: NonNullable<Json>
          'color'?: string
          'created_at'?: string
          'description'?: string | null
          'id'?: string
          'name': string
          'organization_id'?: string
          'pipeline_stage'?: string | null
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'auto_actions'?: NonNullable<Json>
          'color'?: string
          'created_at'?: string
          'description'?: string | null
          'id'?: string
          'name'?: string
          'organization_id'?: string
          'pipeline_stage'?: string | null
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'dispositions_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'dnc_list': {
        Row: {
          'added_at': string
          'created_at': string
          'expires_at': string | null
          'id': string
          'organization_id': string
          'phone_number': string
          'reason': string | null
          'source': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'added_at'?: string
          'created_at'?: string
          'expires_at'?: string | null
          'id'?: string
          'organization_id'?: string
          'phone_number': string
          'reason'?: string | null
          'source'?: string
          'user_id'?: string | null
        }
        Update: {
          'added_at'?: string
          'created_at'?: string
          'expires_at'?: string | null
          'id'?: string
          'organization_id'?: string
          'phone_number'?: string
          'reason'?: string | null
          'source'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'dnc_list_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'follow_up_sequences': {
        Row: {
          'active': boolean
          'created_at': string
          'description': string | null
          'id': string
          'name': string
          'organization_id': string
          'pipeline_stage_id': string | null
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'active'?: boolean
          'created_at'?: string
          'description'?: string | null
          'id'?: string
          'name': string
          'organization_id'?: string
          'pipeline_stage_id'?: string | null
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'active'?: boolean
          'created_at'?: string
          'description'?: string | null
          'id'?: string
          'name'?: string
          'organization_id'?: string
          'pipeline_stage_id'?: string | null
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'follow_up_sequences_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'follow_up_sequences_pipeline_stage_id_fkey'
            columns: ['organization_id', 'pipeline_stage_id']
            isOneToOne: false
            referencedRelation: 'pipeline_boards'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'inbound_transfers': {
        Row: {
          'call_id': string | null
          'connected_at': string | null
          'created_at': string
          'ended_at': string | null
          'from_number': string
          'id': string
          'notes': string | null
          'organization_id': string
          'reason': string | null
          'status': string
          'to_number': string | null
          'transfer_type': string
          'updated_at': string
          'user_id': string | null
          'wait_seconds': number
        }
        ComputedFields: never
        Insert: {
          'call_id'?: string | null
          'connected_at'?: string | null
          'created_at'?: string
          'ended_at'?: string | null
          'from_number': string
          'id'?: string
          'notes'?: string | null
          'organization_id'?: string
          'reason'?: string | null
          'status'?: string
          'to_number'?: string | null
          'transfer_type'?: string
          'updated_at'?: string
          'user_id'?: string | null
          'wait_seconds'?: number
        }
        Update: {
          'call_id'?: string | null
          'connected_at'?: string | null
          'created_at'?: string
          'ended_at'?: string | null
          'from_number'?: string
          'id'?: string
          'notes'?: string | null
          'organization_id'?: string
          'reason'?: string | null
          'status'?: string
          'to_number'?: string | null
          'transfer_type'?: string
          'updated_at'?: string
          'user_id'?: string | null
          'wait_seconds'?: number
        }
        Relationships: [
          {
            foreignKeyName: 'inbound_transfers_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'inbound_transfers_call_id_fkey'
            columns: ['organization_id', 'call_id']
            isOneToOne: false
            referencedRelation: 'call_logs'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'lead_fields': {
        Row: {
          'created_at': string
          'id': string
          'key': string
          'label': string
          'options': (string)[] | null
          'organization_id': string
          'position': number
          'required': boolean
          'type': string
        }
        ComputedFields: never
        Insert: {
          'created_at'?: string
          'id'?: string
          'key': string
          'label': string
          'options'?: (string)[] | null
          'organization_id': string
          'position'?: number
          'required'?: boolean
          'type': string
        }
        Update: {
          'created_at'?: string
          'id'?: string
          'key'?: string
          'label'?: string
          'options'?: (string)[] | null
          'organization_id'?: string
          'position'?: number
          'required'?: boolean
          'type'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'lead_fields_organization_id_fkey'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'lead_list_memberships': {
        Row: {
          'added_by': string
          'created_at': string
          'id': string
          'lead_id': string
          'list_id': string
          'notes': string | null
          'organization_id': string
          'position': number
          'updated_at': string
        }
        ComputedFields: never
        Insert: {
          'added_by'?: string
          'created_at'?: string
          'id'?: string
          'lead_id': string
          'list_id': string
          'notes'?: string | null
          'organization_id'?: string
          'position'?: number
          'updated_at'?: string
        }
        Update: {
          'added_by'?: string
          'created_at'?: string
          'id'?: string
          'lead_id'?: string
          'list_id'?: string
          'notes'?: string | null
          'organization_id'?: string
          'position'?: number
          'updated_at'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'lead_list_memberships_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'lead_list_memberships_lead_id_fkey'
            columns: ['organization_id', 'lead_id']
            isOneToOne: false
            referencedRelation: 'leads'
            referencedColumns: ['organization_id', 'id']
          },
          {
            foreignKeyName: 'lead_list_memberships_list_id_fkey'
            columns: ['organization_id', 'list_id']
            isOneToOne: false
            referencedRelation: 'smart_lists'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'lead_pipeline_positions': {
        Row: {
          'created_at': string
          'id': string
          'lead_id': string
          'moved_at': string
          'moved_by': string
          'notes': string | null
          'organization_id': string
          'pipeline_board_id': string
          'position': number
          'updated_at': string
        }
        ComputedFields: never
        Insert: {
          'created_at'?: string
          'id'?: string
          'lead_id': string
          'moved_at'?: string
          'moved_by'?: string
          'notes'?: string | null
          'organization_id'?: string
          'pipeline_board_id': string
          'position'?: number
          'updated_at'?: string
        }
        Update: {
          'created_at'?: string
          'id'?: string
          'lead_id'?: string
          'moved_at'?: string
          'moved_by'?: string
          'notes'?: string | null
          'organization_id'?: string
          'pipeline_board_id'?: string
          'position'?: number
          'updated_at'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'lead_pipeline_positions_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'lead_pipeline_positions_lead_id_fkey'
            columns: ['organization_id', 'lead_id']
            isOneToOne: false
            referencedRelation: 'leads'
            referencedColumns: ['organization_id', 'id']
          },
          {
            foreignKeyName: 'lead_pipeline_positions_pipeline_board_id_fkey'
            columns: ['organization_id', 'pipeline_board_id']
            isOneToOne: false
            referencedRelation: 'pipeline_boards'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'lead_priority_scores': {
        Row: {
          'calculated_at': string
          'created_at': string
          'engagement_score': number | null
          'factors': NonNullable<Json>
          'id': string
          'lead_id': string
          'model_version': string | null
          'organization_id': string
          'recency_score': number | null
          'score': number
          'sentiment_score': number | null
        }
        ComputedFields: never
        Insert: {
          'calculated_at'?: string
          'created_at'?: string
          'engagement_score'?: number | null
          'factors'?: NonNullable<Json>
          'id'?: string
          'lead_id': string
          'model_version'?: string | null
          'organization_id'?: string
          'recency_score'?: number | null
          'score': number
          'sentiment_score'?: number | null
        }
        Update: {
          'calculated_at'?: string
          'created_at'?: string
          'engagement_score'?: number | null
          'factors'?: NonNullable<Json>
          'id'?: string
          'lead_id'?: string
          'model_version'?: string | null
          'organization_id'?: string
          'recency_score'?: number | null
          'score'?: number
          'sentiment_score'?: number | null
        }
        Relationships: [
          {
            foreignKeyName: 'lead_priority_scores_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'lead_priority_scores_lead_id_fkey'
            columns: ['organization_id', 'lead_id']
            isOneToOne: false
            referencedRelation: 'leads'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'lead_reachability_scores': {
        Row: {
          'answer_rate': number | null
          'best_day_of_week': number | null
          'best_hour': number | null
          'calculated_at': string
          'created_at': string
          'id': string
          'lead_id': string
          'organization_id': string
          'score': number
          'total_answers': number
          'total_attempts': number
        }
        ComputedFields: never
        Insert: {
          'answer_rate'?: number | null
          'best_day_of_week'?: number | null
          'best_hour'?: number | null
          'calculated_at'?: string
          'created_at'?: string
          'id'?: string
          'lead_id': string
          'organization_id'?: string
          'score': number
          'total_answers'?: number
          'total_attempts'?: number
        }
        Update: {
          'answer_rate'?: number | null
          'best_day_of_week'?: number | null
          'best_hour'?: number | null
          'calculated_at'?: string
          'created_at'?: string
          'id'?: string
          'lead_id'?: string
          'organization_id'?: string
          'score'?: number
          'total_answers'?: number
          'total_attempts'?: number
        }
        Relationships: [
          {
            foreignKeyName: 'lead_reachability_scores_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'lead_reachability_scores_lead_id_fkey'
            columns: ['organization_id', 'lead_id']
            isOneToOne: false
            referencedRelation: 'leads'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'lead_scoring_settings': {
        Row: {
          'created_at': string
          'decay_days': number
          'enabled': boolean
          'engagement_weight': number
          'hot_threshold': number
          'id': string
          'notes': string | null
          'organization_id': string
          'recency_weight': number
          'rescore_interval_minutes': number
          'sentiment_weight': number
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'created_at'?: string
          'decay_days'?: number
          'enabled'?: boolean
          'engagement_weight'?: number
          'hot_threshold'?: number
          'id'?: string
          'notes'?: string | null
          'organization_id'?: string
          'recency_weight'?: number
          'rescore_interval_minutes'?: number
          'sentiment_weight'?: number
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'created_at'?: string
          'decay_days'?: number
          'enabled'?: boolean
          'engagement_weight'?: number
          'hot_threshold'?: number
          'id'?: string
          'notes'?: string | null
          'organization_id'?: string
          'recency_weight'?: number
          'rescore_interval_minutes'?: number
          'sentiment_weight'?: number
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'lead_scoring_settings_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: true
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'lead_workflow_progress': {
        Row: {
          'campaign_id': string | null
          'completed_at': string | null
          'created_at': string
          'current_step_id': string | null
          'error_message': string | null
          'id': string
          'last_action_at': string | null
          'lead_id': string
          'next_action_at': string | null
          'organization_id': string
          'started_at': string
          'status': string
          'updated_at': string
          'workflow_id': string
        }
        ComputedFields: never
        Insert: {
          'campaign_id'?: string | null
          'completed_at'?: string | null
          'created_at'?: string
          'current_step_id'?: string | null
          'error_message'?: string | null
          'id'?: string
          'last_action_at'?: string | null
          'lead_id': string
          'next_action_at'?: string | null
          'organization_id'?: string
          'started_at'?: string
          'status'?: string
          'updated_at'?: string
          'workflow_id': string
        }
        Update: {
          'campaign_id'?: string | null
          'completed_at'?: string | null
          'created_at'?: string
          'current_step_id'?: string | null
          'error_message'?: string | null
          'id'?: string
          'last_action_at'?: string | null
          'lead_id'?: string
          'next_action_at'?: string | null
          'organization_id'?: string
          'started_at'?: string
          'status'?: string
          'updated_at'?: string
          'workflow_id'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'lead_workflow_progress_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'lead_workflow_progress_campaign_id_fkey'
            columns: ['organization_id', 'campaign_id']
            isOneToOne: false
            referencedRelation: 'campaigns'
            referencedColumns: ['organization_id', 'id']
          },
          {
            foreignKeyName: 'lead_workflow_progress_current_step_id_fkey'
            columns: ['organization_id', 'current_step_id']
            isOneToOne: false
            referencedRelation: 'workflow_steps'
            referencedColumns: ['organization_id', 'id']
          },
          {
            foreignKeyName: 'lead_workflow_progress_lead_id_fkey'
            columns: ['organization_id', 'lead_id']
            isOneToOne: false
            referencedRelation: 'leads'
            referencedColumns: ['organization_id', 'id']
          },
          {
            foreignKeyName: 'lead_workflow_progress_workflow_id_fkey'
            columns: ['organization_id', 'workflow_id']
            isOneToOne: false
            referencedRelation: 'workflows'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'leads': {
        Row: {
          'address': string | null
          'city': string | null
          'company': string | null
          'created_at': string
          'custom_fields': NonNullable<Json>
          'do_not_call': boolean
          'email': string | null
          'first_name': string | null
          'id': string
          'last_contacted_at': string | null
          'last_name': string | null
          'lead_source': string | null
          'next_callback_at': string | null
          'notes': string | null
          'organization_id': string
          'phone_number': string
          'preferred_contact_time': string | null
          'priority': number
          'state': string | null
          'status': string
          'tags': (string)[]
          'timezone': string | null
          'updated_at': string
          'user_id': string | null
          'zip_code': string | null
        }
        ComputedFields: never
        Insert: {
          'address'?: string | null
          'city'?: string | null
          'company'?: string | null
          'created_at'?: string
          'custom_fields'?: NonNullable<Json>
          'do_not_call'?: boolean
          'email'?: string | null
          'first_name'?: string | null
          'id'?: string
          'last_contacted_at'?: string | null
          'last_name'?: string | null
          'lead_source'?: string | null
          'next_callback_at'?: string | null
          'notes'?: string | null
          'organization_id'?: string
          'phone_number': string
          'preferred_contact_time'?: string | null
          'priority'?: number
          'state'?: string | null
          'status'?: string
          'tags'?: (string)[]
          'timezone'?: string | null
          'updated_at'?: string
          'user_id'?: string | null
          'zip_code'?: string | null
        }
        Update: {
          'address'?: string | null
          'city'?: string | null
          'company'?: string | null
          'created_at'?: string
          'custom_fields'?: NonNullable<Json>
          'do_not_call'?: boolean
          'email'?: string | null
          'first_name'?: string | null
          'id'?: string
          'last_contacted_at'?: string | null
          'last_name'?: string | null
          'lead_source'?: string | null
          'next_callback_at'?: string | null
          'notes'?: string | null
          'organization_id'?: string
          'phone_number'?: string
          'preferred_contact_time'?: string | null
          'priority'?: number
          'state'?: string | null
          'status'?: string
          'tags'?: (string)[]
          'timezone'?: string | null
          'updated_at'?: string
          'user_id'?: string | null
          'zip_code'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'leads_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'number_orders': {
        Row: {
          'area_code': string | null
          'created_at': string
          'id': string
          'monthly_cost_cents': number | null
          'notes': string | null
          'numbers': (string)[]
          'order_reference': string | null
          'ordered_at': string | null
          'organization_id': string
          'provider': string
          'quantity': number
          'status': string
          'total_cost_cents': number | null
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'area_code'?: string | null
          'created_at'?: string
          'id'?: string
          'monthly_cost_cents'?: number | null
          'notes'?: string | null
          'numbers'?: (string)[]
          'order_reference'?: string | null
          'ordered_at'?: string | null
          'organization_id'?: string
          'provider': string
          'quantity'?: number
          'status'?: string
          'total_cost_cents'?: number | null
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'area_code'?: string | null
          'created_at'?: string
          'id'?: string
          'monthly_cost_cents'?: number | null
          'notes'?: string | null
          'numbers'?: (string)[]
          'order_reference'?: string | null
          'ordered_at'?: string | null
          'organization_id'?: string
          'provider'?: string
          'quantity'?: number
          'status'?: string
          'total_cost_cents'?: number | null
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'number_orders_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'organization_branding': {
        Row: {
          'color_dark': string | null
          'color_light': string | null
          'created_at': string
          'host': string | null
          'host_released_at': string | null
          'host_token': string
          'host_verified_at': string | null
          'logo_url': string | null
          'mail_sender_name': string | null
          'organization_id': string
          'product_name': string | null
          'support_email': string | null
          'updated_at': string
        }
        ComputedFields: never
        Insert: {
          'color_dark'?: string | null
          'color_light'?: string | null
          'created_at'?: string
          'host'?: string | null
          'host_released_at'?: string | null
          'host_token'?: string
          'host_verified_at'?: string | null
          'logo_url'?: string | null
          'mail_sender_name'?: string | null
          'organization_id': string
          'product_name'?: string | null
          'support_email'?: string | null
          'updated_at'?: string
        }
        Update: {
          'color_dark'?: string | null
          'color_light'?: string | null
          'created_at'?: string
          'host'?: string | null
          'host_released_at'?: string | null
          'host_token'?: string
          'host_verified_at'?: string | null
          'logo_url'?: string | null
          'mail_sender_name'?: string | null
          'organization_id'?: string
          'product_name'?: string | null
          'support_email'?: string | null
          'updated_at'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'organization_branding_organization_id_fkey'
            columns: ['organization_id']
            isOneToOne: true
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'organization_domains': {
        Row: {
          'created_at': string
          'created_by': string | null
          'domain': string
          'id': string
          'join_mode': string
          'organization_id': string
          'verification_token': string
          'verified_at': string | null
        }
        ComputedFields: never
        Insert: {
          'created_at'?: string
          'created_by'?: string | null
          'domain': string
          'id'?: string
          'join_mode'?: string
          'organization_id': string
          'verification_token'?: string
          'verified_at'?: string | null
        }
        Update: {
          'created_at'?: string
          'created_by'?: string | null
          'domain'?: string
          'id'?: string
          'join_mode'?: string
          'organization_id'?: string
          'verification_token'?: string
          'verified_at'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'organization_domains_organization_id_fkey'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'organization_invitations': {
        Row: {
          'accepted_at': string | null
          'accepted_by': string | null
          'allowed_domains': (string)[] | null
          'created_at': string
          'declined_at': string | null
          'email': string | null
          'expires_at': string
          'id': string
          'invited_by': string | null
          'last_sent_at': string
          'max_uses': number | null
          'organization_id': string
          'revoked_at': string | null
          'role': Database['public']['Enums']['organization_role']
          'uses': number
          'valid_for': string
        }
        ComputedFields: never
        Insert: {
          'accepted_at'?: string | null
          'accepted_by'?: string | null
          'allowed_domains'?: (string)[] | null
          'created_at'?: string
          'declined_at'?: string | null
          'email'?: string | null
          'expires_at': string
          'id'?: string
          'invited_by'?: string | null
          'last_sent_at'?: string
          'max_uses'?: number | null
          'organization_id': string
          'revoked_at'?: string | null
          'role': Database['public']['Enums']['organization_role']
          'uses'?: number
          'valid_for': string
        }
        Update: {
          'accepted_at'?: string | null
          'accepted_by'?: string | null
          'allowed_domains'?: (string)[] | null
          'created_at'?: string
          'declined_at'?: string | null
          'email'?: string | null
          'expires_at'?: string
          'id'?: string
          'invited_by'?: string | null
          'last_sent_at'?: string
          'max_uses'?: number | null
          'organization_id'?: string
          'revoked_at'?: string | null
          'role'?: Database['public']['Enums']['organization_role']
          'uses'?: number
          'valid_for'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'organization_invitations_organization_id_fkey'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'organization_users': {
        Row: {
          'created_at': string
          'joined_at': string
          'organization_id': string
          'role': Database['public']['Enums']['organization_role']
          'suspended_at': string | null
          'user_id': string
        }
        ComputedFields: never
        Insert: {
          'created_at'?: string
          'joined_at'?: string
          'organization_id': string
          'role'?: Database['public']['Enums']['organization_role']
          'suspended_at'?: string | null
          'user_id': string
        }
        Update: {
          'created_at'?: string
          'joined_at'?: string
          'organization_id'?: string
          'role'?: Database['public']['Enums']['organization_role']
          'suspended_at'?: string | null
          'user_id'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'organization_users_organization_id_fkey'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'organizations': {
        Row: {
          'calling_hours_end': string | null
          'calling_hours_start': string | null
          'contact_phone': string | null
          'created_at': string
          'default_caller_id': string | null
          'deleted_at': string | null
          'id': string
          'max_campaigns': number | null
          'max_phone_numbers': number | null
          'max_users': number | null
          'metadata': NonNullable<Json>
          'monthly_call_limit': number | null
          'name': string
          'owner_email': string | null
          'settings': NonNullable<Json>
          'slug': string
          'status_cause': string
          'status_changed_at': string
          'subscription_status': string
          'subscription_tier': string
          'timezone': string
          'trial_ends_at': string | null
          'updated_at': string
        }
        ComputedFields: never
        Insert: {
          'calling_hours_end'?: string | null
          'calling_hours_start'?: string | null
          'contact_phone'?: string | null
          'created_at'?: string
          'default_caller_id'?: string | null
          'deleted_at'?: string | null
          'id'?: string
          'max_campaigns'?: number | null
          'max_phone_numbers'?: number | null
          'max_users'?: number | null
          'metadata'?: NonNullable<Json>
          'monthly_call_limit'?: number | null
          'name': string
          'owner_email'?: string | null
          'settings'?: NonNullable<Json>
          'slug': string
          'status_cause'?: string
          'status_changed_at'?: string
          'subscription_status'?: string
          'subscription_tier'?: string
          'timezone'?: string
          'trial_ends_at'?: string | null
          'updated_at'?: string
        }
        Update: {
          'calling_hours_end'?: string | null
          'calling_hours_start'?: string | null
          'contact_phone'?: string | null
          'created_at'?: string
          'default_caller_id'?: string | null
          'deleted_at'?: string | null
          'id'?: string
          'max_campaigns'?: number | null
          'max_phone_numbers'?: number | null
          'max_users'?: number | null
          'metadata'?: NonNullable<Json>
          'monthly_call_limit'?: number | null
          'name'?: string
          'owner_email'?: string | null
          'settings'?: NonNullable<Json>
          'slug'?: string
          'status_cause'?: string
          'status_changed_at'?: string
          'subscription_status'?: string
          'subscription_tier'?: string
          'timezone'?: string
          'trial_ends_at'?: string | null
          'updated_at'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'organizations_tier_is_known'
            columns: ['subscription_tier']
            isOneToOne: false
            referencedRelation: 'subscription_plans'
            referencedColumns: ['tier']
          },
        ]
      }
      'phone_numbers': {
        Row: {
          'area_code': string | null
          'caller_name': string | null
          'capabilities': NonNullable<Json>
          'carrier_name': string | null
          'created_at': string
          'daily_calls': number
          'external_spam_score': number | null
          'friendly_name': string | null
          'id': string
          'is_spam': boolean
          'last_used': string | null
          'max_daily_calls': number
          'number': string
          'organization_id': string
          'provider': string | null
          'purpose': string | null
          'quarantine_until': string | null
          'rotation_enabled': boolean
          'status': string
          'tags': (string)[]
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'area_code'?: string | null
          'caller_name'?: string | null
          'capabilities'?: NonNullable<Json>
          'carrier_name'?: string | null
          'created_at'?: string
          'daily_calls'?: number
          'external_spam_score'?: number | null
          'friendly_name'?: string | null
          'id'?: string
          'is_spam'?: boolean
          'last_used'?: string | null
          'max_daily_calls'?: number
          'number': string
          'organization_id'?: string
          'provider'?: string | null
          'purpose'?: string | null
          'quarantine_until'?: string | null
          'rotation_enabled'?: boolean
          'status'?: string
          'tags'?: (string)[]
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'area_code'?: string | null
          'caller_name'?: string | null
          'capabilities'?: NonNullable<Json>
          'carrier_name'?: string | null
          'created_at'?: string
          'daily_calls'?: number
          'external_spam_score'?: number | null
          'friendly_name'?: string | null
          'id'?: string
          'is_spam'?: boolean
          'last_used'?: string | null
          'max_daily_calls'?: number
          'number'?: string
          'organization_id'?: string
          'provider'?: string | null
          'purpose'?: string | null
          'quarantine_until'?: string | null
          'rotation_enabled'?: boolean
          'status'?: string
          'tags'?: (string)[]
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'phone_numbers_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'phone_providers': {
        Row: {
          'api_key_encrypted': string | null
          'auth_token_encrypted': string | null
          'balance_cents': number | null
          'base_url': string | null
          'created_at': string
          'id': string
          'is_active': boolean
          'is_default': boolean
          'last_checked_at': string | null
          'name': string
          'organization_id': string
          'provider_type': string
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'api_key_encrypted'?: string | null
          'auth_token_encrypted'?: string | null
          'balance_cents'?: number | null
          'base_url'?: string | null
          'created_at'?: string
          'id'?: string
          'is_active'?: boolean
          'is_default'?: boolean
          'last_checked_at'?: string | null
          'name': string
          'organization_id'?: string
          'provider_type'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'api_key_encrypted'?: string | null
          'auth_token_encrypted'?: string | null
          'balance_cents'?: number | null
          'base_url'?: string | null
          'created_at'?: string
          'id'?: string
          'is_active'?: boolean
          'is_default'?: boolean
          'last_checked_at'?: string | null
          'name'?: string
          'organization_id'?: string
          'provider_type'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'phone_providers_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'pipeline_boards': {
        Row: {
          'created_at': string
          'description': string | null
          'disposition_id': string | null
          'id': string
          'name': string
          'organization_id': string
          'position': number
          'settings': NonNullable<Json>
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'created_at'?: string
          'description'?: string | null
          'disposition_id'?: string | null
          'id'?: string
          'name': string
          'organization_id'?: string
          'position'?: number
          'settings'?: NonNullable<Json>
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'created_at'?: string
          'description'?: string | null
          'disposition_id'?: string | null
          'id'?: string
          'name'?: string
          'organization_id'?: string
          'position'?: number
          'settings'?: NonNullable<Json>
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'pipeline_boards_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'pipeline_boards_disposition_id_fkey'
            columns: ['organization_id', 'disposition_id']
            isOneToOne: false
            referencedRelation: 'dispositions'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'profiles': {
        Row: {
          'avatar_url': string | null
          'created_at': string
          'email': string | null
          'full_name': string | null
          'id': string
          'updated_at': string
        }
        ComputedFields: never
        Insert: {
          'avatar_url'?: string | null
          'created_at'?: string
          'email'?: string | null
          'full_name'?: string | null
          'id': string
          'updated_at'?: string
        }
        Update: {
          'avatar_url'?: string | null
          'created_at'?: string
          'email'?: string | null
          'full_name'?: string | null
          'id'?: string
          'updated_at'?: string
        }
        Relationships: []
      }
      'rotation_history': {
        Row: {
          'action': string
          'calls_made': number
          'created_at': string
          'id': string
          'metadata': NonNullable<Json>
          'organization_id': string
          'phone_number': string
          'phone_number_id': string | null
          'reason': string | null
          'spam_score': number | null
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'action'?: string
          'calls_made'?: number
          'created_at'?: string
          'id'?: string
          'metadata'?: NonNullable<Json>
          'organization_id'?: string
          'phone_number': string
          'phone_number_id'?: string | null
          'reason'?: string | null
          'spam_score'?: number | null
          'user_id'?: string | null
        }
        Update: {
          'action'?: string
          'calls_made'?: number
          'created_at'?: string
          'id'?: string
          'metadata'?: NonNullable<Json>
          'organization_id'?: string
          'phone_number'?: string
          'phone_number_id'?: string | null
          'reason'?: string | null
          'spam_score'?: number | null
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'rotation_history_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'rotation_history_phone_number_id_fkey'
            columns: ['organization_id', 'phone_number_id']
            isOneToOne: false
            referencedRelation: 'phone_numbers'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'rotation_settings': {
        Row: {
          'auto_purchase': boolean
          'cooldown_minutes': number
          'created_at': string
          'enabled': boolean
          'id': string
          'max_calls_per_number': number
          'notes': string | null
          'organization_id': string
          'quarantine_days': number
          'rotation_strategy': string
          'spam_score_threshold': number
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'auto_purchase'?: boolean
          'cooldown_minutes'?: number
          'created_at'?: string
          'enabled'?: boolean
          'id'?: string
          'max_calls_per_number'?: number
          'notes'?: string | null
          'organization_id'?: string
          'quarantine_days'?: number
          'rotation_strategy'?: string
          'spam_score_threshold'?: number
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'auto_purchase'?: boolean
          'cooldown_minutes'?: number
          'created_at'?: string
          'enabled'?: boolean
          'id'?: string
          'max_calls_per_number'?: number
          'notes'?: string | null
          'organization_id'?: string
          'quarantine_days'?: number
          'rotation_strategy'?: string
          'spam_score_threshold'?: number
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'rotation_settings_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: true
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'scheduled_follow_ups': {
        Row: {
          'action_type': string
          'attempts': number
          'completed_at': string | null
          'content': string | null
          'created_at': string
          'id': string
          'lead_id': string
          'max_attempts': number
          'notes': string | null
          'organization_id': string
          'scheduled_at': string
          'sequence_id': string | null
          'status': string
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'action_type'?: string
          'attempts'?: number
          'completed_at'?: string | null
          'content'?: string | null
          'created_at'?: string
          'id'?: string
          'lead_id': string
          'max_attempts'?: number
          'notes'?: string | null
          'organization_id'?: string
          'scheduled_at': string
          'sequence_id'?: string | null
          'status'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'action_type'?: string
          'attempts'?: number
          'completed_at'?: string | null
          'content'?: string | null
          'created_at'?: string
          'id'?: string
          'lead_id'?: string
          'max_attempts'?: number
          'notes'?: string | null
          'organization_id'?: string
          'scheduled_at'?: string
          'sequence_id'?: string | null
          'status'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'scheduled_follow_ups_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'scheduled_follow_ups_lead_id_fkey'
            columns: ['organization_id', 'lead_id']
            isOneToOne: false
            referencedRelation: 'leads'
            referencedColumns: ['organization_id', 'id']
          },
          {
            foreignKeyName: 'scheduled_follow_ups_sequence_id_fkey'
            columns: ['organization_id', 'sequence_id']
            isOneToOne: false
            referencedRelation: 'follow_up_sequences'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'script_performance_metrics': {
        Row: {
          'average_seconds': number | null
          'calls_answered': number
          'calls_made': number
          'conversion_rate': number | null
          'conversions': number
          'created_at': string
          'id': string
          'metric_date': string
          'organization_id': string
          'script_id': string
          'sentiment_breakdown': NonNullable<Json>
        }
        ComputedFields: never
        Insert: {
          'average_seconds'?: number | null
          'calls_answered'?: number
          'calls_made'?: number
          'conversion_rate'?: number | null
          'conversions'?: number
          'created_at'?: string
          'id'?: string
          'metric_date'?: string
          'organization_id'?: string
          'script_id': string
          'sentiment_breakdown'?: NonNullable<Json>
        }
        Update: {
          'average_seconds'?: number | null
          'calls_answered'?: number
          'calls_made'?: number
          'conversion_rate'?: number | null
          'conversions'?: number
          'created_at'?: string
          'id'?: string
          'metric_date'?: string
          'organization_id'?: string
          'script_id'?: string
          'sentiment_breakdown'?: NonNullable<Json>
        }
        Relationships: [
          {
            foreignKeyName: 'script_performance_metrics_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'script_performance_metrics_script_id_fkey'
            columns: ['organization_id', 'script_id']
            isOneToOne: false
            referencedRelation: 'agent_scripts'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'script_suggestions': {
        Row: {
          'applied_at': string | null
          'confidence': number | null
          'created_at': string
          'id': string
          'organization_id': string
          'reason': string | null
          'script_id': string
          'status': string
          'suggestion': string
          'suggestion_type': string
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'applied_at'?: string | null
          'confidence'?: number | null
          'created_at'?: string
          'id'?: string
          'organization_id'?: string
          'reason'?: string | null
          'script_id': string
          'status'?: string
          'suggestion': string
          'suggestion_type'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'applied_at'?: string | null
          'confidence'?: number | null
          'created_at'?: string
          'id'?: string
          'organization_id'?: string
          'reason'?: string | null
          'script_id'?: string
          'status'?: string
          'suggestion'?: string
          'suggestion_type'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'script_suggestions_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'script_suggestions_script_id_fkey'
            columns: ['organization_id', 'script_id']
            isOneToOne: false
            referencedRelation: 'agent_scripts'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'sequence_steps': {
        Row: {
          'action_type': string
          'ai_prompt': string | null
          'content': string | null
          'created_at': string
          'delay_minutes': number
          'id': string
          'is_active': boolean
          'organization_id': string
          'sequence_id': string
          'step_number': number
          'updated_at': string
        }
        ComputedFields: never
        Insert: {
          'action_type'?: string
          'ai_prompt'?: string | null
          'content'?: string | null
          'created_at'?: string
          'delay_minutes'?: number
          'id'?: string
          'is_active'?: boolean
          'organization_id'?: string
          'sequence_id': string
          'step_number': number
          'updated_at'?: string
        }
        Update: {
          'action_type'?: string
          'ai_prompt'?: string | null
          'content'?: string | null
          'created_at'?: string
          'delay_minutes'?: number
          'id'?: string
          'is_active'?: boolean
          'organization_id'?: string
          'sequence_id'?: string
          'step_number'?: number
          'updated_at'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'sequence_steps_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'sequence_steps_sequence_id_fkey'
            columns: ['organization_id', 'sequence_id']
            isOneToOne: false
            referencedRelation: 'follow_up_sequences'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'sip_trunk_configs': {
        Row: {
          'codecs': (string)[]
          'created_at': string
          'host': string
          'id': string
          'is_active': boolean
          'max_channels': number
          'name': string
          'organization_id': string
          'password_encrypted': string | null
          'port': number
          'transport': string
          'updated_at': string
          'user_id': string | null
          'username': string | null
        }
        ComputedFields: never
        Insert: {
          'codecs'?: (string)[]
          'created_at'?: string
          'host': string
          'id'?: string
          'is_active'?: boolean
          'max_channels'?: number
          'name': string
          'organization_id'?: string
          'password_encrypted'?: string | null
          'port'?: number
          'transport'?: string
          'updated_at'?: string
          'user_id'?: string | null
          'username'?: string | null
        }
        Update: {
          'codecs'?: (string)[]
          'created_at'?: string
          'host'?: string
          'id'?: string
          'is_active'?: boolean
          'max_channels'?: number
          'name'?: string
          'organization_id'?: string
          'password_encrypted'?: string | null
          'port'?: number
          'transport'?: string
          'updated_at'?: string
          'user_id'?: string | null
          'username'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'sip_trunk_configs_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'smart_lists': {
        Row: {
          'color': string | null
          'created_at': string
          'description': string | null
          'filters': NonNullable<Json>
          'id': string
          'is_dynamic': boolean
          'last_refreshed_at': string | null
          'lead_count': number
          'name': string
          'organization_id': string
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'color'?: string | null
          'created_at'?: string
          'description'?: string | null
          'filters'?: NonNullable<Json>
          'id'?: string
          'is_dynamic'?: boolean
          'last_refreshed_at'?: string | null
          'lead_count'?: number
          'name': string
          'organization_id'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'color'?: string | null
          'created_at'?: string
          'description'?: string | null
          'filters'?: NonNullable<Json>
          'id'?: string
          'is_dynamic'?: boolean
          'last_refreshed_at'?: string | null
          'lead_count'?: number
          'name'?: string
          'organization_id'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'smart_lists_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'sms_conversations': {
        Row: {
          'ai_enabled': boolean
          'contact_name': string | null
          'created_at': string
          'id': string
          'last_message_at': string | null
          'lead_id': string | null
          'organization_id': string
          'own_number': string | null
          'phone_number': string
          'status': string
          'unread_count': number
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'ai_enabled'?: boolean
          'contact_name'?: string | null
          'created_at'?: string
          'id'?: string
          'last_message_at'?: string | null
          'lead_id'?: string | null
          'organization_id'?: string
          'own_number'?: string | null
          'phone_number': string
          'status'?: string
          'unread_count'?: number
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'ai_enabled'?: boolean
          'contact_name'?: string | null
          'created_at'?: string
          'id'?: string
          'last_message_at'?: string | null
          'lead_id'?: string | null
          'organization_id'?: string
          'own_number'?: string | null
          'phone_number'?: string
          'status'?: string
          'unread_count'?: number
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'sms_conversations_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'sms_conversations_lead_id_fkey'
            columns: ['organization_id', 'lead_id']
            isOneToOne: false
            referencedRelation: 'leads'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'sms_messages': {
        Row: {
          'body': string
          'conversation_id': string | null
          'cost_cents': number | null
          'created_at': string
          'delivered_at': string | null
          'direction': string
          'error_message': string | null
          'from_number': string
          'id': string
          'is_ai_generated': boolean
          'lead_id': string | null
          'organization_id': string
          'provider': string | null
          'provider_message_id': string | null
          'segments': number
          'sent_at': string | null
          'status': string
          'to_number': string
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'body': string
          'conversation_id'?: string | null
          'cost_cents'?: number | null
          'created_at'?: string
          'delivered_at'?: string | null
          'direction'?: string
          'error_message'?: string | null
          'from_number': string
          'id'?: string
          'is_ai_generated'?: boolean
          'lead_id'?: string | null
          'organization_id'?: string
          'provider'?: string | null
          'provider_message_id'?: string | null
          'segments'?: number
          'sent_at'?: string | null
          'status'?: string
          'to_number': string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'body'?: string
          'conversation_id'?: string | null
          'cost_cents'?: number | null
          'created_at'?: string
          'delivered_at'?: string | null
          'direction'?: string
          'error_message'?: string | null
          'from_number'?: string
          'id'?: string
          'is_ai_generated'?: boolean
          'lead_id'?: string | null
          'organization_id'?: string
          'provider'?: string | null
          'provider_message_id'?: string | null
          'segments'?: number
          'sent_at'?: string | null
          'status'?: string
          'to_number'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'sms_messages_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'sms_messages_conversation_id_fkey'
            columns: ['organization_id', 'conversation_id']
            isOneToOne: false
            referencedRelation: 'sms_conversations'
            referencedColumns: ['organization_id', 'id']
          },
          {
            foreignKeyName: 'sms_messages_lead_id_fkey'
            columns: ['organization_id', 'lead_id']
            isOneToOne: false
            referencedRelation: 'leads'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'spending_logs': {
        Row: {
          'amount_cents': number
          'campaign_id': string | null
          'category': string
          'created_at': string
          'description': string | null
          'id': string
          'metadata': NonNullable<Json>
          'organization_id': string
          'provider': string | null
          'spent_at': string
          'units': number
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'amount_cents': number
          'campaign_id'?: string | null
          'category'?: string
          'created_at'?: string
          'description'?: string | null
          'id'?: string
          'metadata'?: NonNullable<Json>
          'organization_id'?: string
          'provider'?: string | null
          'spent_at'?: string
          'units'?: number
          'user_id'?: string | null
        }
        Update: {
          'amount_cents'?: number
          'campaign_id'?: string | null
          'category'?: string
          'created_at'?: string
          'description'?: string | null
          'id'?: string
          'metadata'?: NonNullable<Json>
          'organization_id'?: string
          'provider'?: string | null
          'spent_at'?: string
          'units'?: number
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'spending_logs_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'spending_logs_campaign_id_fkey'
            columns: ['organization_id', 'campaign_id']
            isOneToOne: false
            referencedRelation: 'campaigns'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'subscription_plans': {
        Row: {
          'features': NonNullable<Json>
          'max_campaigns': number | null
          'max_phone_numbers': number | null
          'max_users': number | null
          'monthly_call_limit': number | null
          'name': string
          'position': number
          'stripe_price_id': string | null
          'tier': string
        }
        ComputedFields: never
        Insert: {
          'features'?: NonNullable<Json>
          'max_campaigns'?: number | null
          'max_phone_numbers'?: number | null
          'max_users'?: number | null
          'monthly_call_limit'?: number | null
          'name': string
          'position': number
          'stripe_price_id'?: string | null
          'tier': string
        }
        Update: {
          'features'?: NonNullable<Json>
          'max_campaigns'?: number | null
          'max_phone_numbers'?: number | null
          'max_users'?: number | null
          'monthly_call_limit'?: number | null
          'name'?: string
          'position'?: number
          'stripe_price_id'?: string | null
          'tier'?: string
        }
        Relationships: []
      }
      'system_alerts': {
        Row: {
          'acknowledged_at': string | null
          'alert_type': string
          'created_at': string
          'id': string
          'message': string | null
          'metadata': NonNullable<Json>
          'organization_id': string
          'resolved_at': string | null
          'severity': string
          'source': string | null
          'title': string
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'acknowledged_at'?: string | null
          'alert_type': string
          'created_at'?: string
          'id'?: string
          'message'?: string | null
          'metadata'?: NonNullable<Json>
          'organization_id'?: string
          'resolved_at'?: string | null
          'severity'?: string
          'source'?: string | null
          'title': string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'acknowledged_at'?: string | null
          'alert_type'?: string
          'created_at'?: string
          'id'?: string
          'message'?: string | null
          'metadata'?: NonNullable<Json>
          'organization_id'?: string
          'resolved_at'?: string | null
          'severity'?: string
          'source'?: string | null
          'title'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'system_alerts_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'timezone_rules': {
        Row: {
          'allow_weekends': boolean
          'calling_hours_end': string
          'calling_hours_start': string
          'created_at': string
          'id': string
          'is_active': boolean
          'notes': string | null
          'organization_id': string
          'region': string
          'timezone': string
          'updated_at': string
          'user_id': string | null
        }
        ComputedFields: never
        Insert: {
          'allow_weekends'?: boolean
          'calling_hours_end'?: string
          'calling_hours_start'?: string
          'created_at'?: string
          'id'?: string
          'is_active'?: boolean
          'notes'?: string | null
          'organization_id'?: string
          'region': string
          'timezone': string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Update: {
          'allow_weekends'?: boolean
          'calling_hours_end'?: string
          'calling_hours_start'?: string
          'created_at'?: string
          'id'?: string
          'is_active'?: boolean
          'notes'?: string | null
          'organization_id'?: string
          'region'?: string
          'timezone'?: string
          'updated_at'?: string
          'user_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'timezone_rules_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'voice_broadcasts': {
        Row: {
          'audio_url': string | null
          'callbacks_scheduled': number
          'calling_hours_end': string
          'calling_hours_start': string
          'calls_answered': number
          'calls_made': number
          'calls_per_minute': number
          'created_at': string
          'description': string | null
          'dnc_requests': number
          'dtmf_actions': NonNullable<Json>
          'id': string
          'ivr_enabled': boolean
          'ivr_prompt': string | null
          'max_attempts': number
          'message_text': string | null
          'name': string
          'organization_id': string
          'retry_delay_minutes': number
          'status': string
          'timezone': string
          'total_leads': number
          'transfers_completed': number
          'updated_at': string
          'user_id': string | null
          'voice_id': string | null
        }
        ComputedFields: never
        Insert: {
          'audio_url'?: string | null
          'callbacks_scheduled'?: number
          'calling_hours_end'?: string
          'calling_hours_start'?: string
          'calls_answered'?: number
          'calls_made'?: number
          'calls_per_minute'?: number
          'created_at'?: string
          'description'?: string | null
          'dnc_requests'?: number
          'dtmf_actions'?: NonNullable<Json>
          'id'?: string
          'ivr_enabled'?: boolean
          'ivr_prompt'?: string | null
          'max_attempts'?: number
          'message_text'?: string | null
          'name': string
          'organization_id'?: string
          'retry_delay_minutes'?: number
          'status'?: string
          'timezone'?: string
          'total_leads'?: number
          'transfers_completed'?: number
          'updated_at'?: string
          'user_id'?: string | null
          'voice_id'?: string | null
        }
        Update: {
          'audio_url'?: string | null
          'callbacks_scheduled'?: number
          'calling_hours_end'?: string
          'calling_hours_start'?: string
          'calls_answered'?: number
          'calls_made'?: number
          'calls_per_minute'?: number
          'created_at'?: string
          'description'?: string | null
          'dnc_requests'?: number
          'dtmf_actions'?: NonNullable<Json>
          'id'?: string
          'ivr_enabled'?: boolean
          'ivr_prompt'?: string | null
          'max_attempts'?: number
          'message_text'?: string | null
          'name'?: string
          'organization_id'?: string
          'retry_delay_minutes'?: number
          'status'?: string
          'timezone'?: string
          'total_leads'?: number
          'transfers_completed'?: number
          'updated_at'?: string
          'user_id'?: string | null
          'voice_id'?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'voice_broadcasts_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
      'workflow_steps': {
        Row: {
          'created_at': string
          'delay_minutes': number
          'id': string
          'is_active': boolean
          'name': string | null
          'organization_id': string
          'step_config': NonNullable<Json>
          'step_number': number
          'step_type': string
          'updated_at': string
          'workflow_id': string
        }
        ComputedFields: never
        Insert: {
          'created_at'?: string
          'delay_minutes'?: number
          'id'?: string
          'is_active'?: boolean
          'name'?: string | null
          'organization_id'?: string
          'step_config'?: NonNullable<Json>
          'step_number': number
          'step_type'?: string
          'updated_at'?: string
          'workflow_id': string
        }
        Update: {
          'created_at'?: string
          'delay_minutes'?: number
          'id'?: string
          'is_active'?: boolean
          'name'?: string | null
          'organization_id'?: string
          'step_config'?: NonNullable<Json>
          'step_number'?: number
          'step_type'?: string
          'updated_at'?: string
          'workflow_id'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'workflow_steps_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'workflow_steps_workflow_id_fkey'
            columns: ['organization_id', 'workflow_id']
            isOneToOne: false
            referencedRelation: 'workflows'
            referencedColumns: ['organization_id', 'id']
          },
        ]
      }
      'workflows': {
        Row: {
          'active': boolean
          'created_at': string
          'description': string | null
          'id': string
          'is_template': boolean
          'name': string
          'organization_id': string
          'settings': NonNullable<Json>
          'updated_at': string
          'user_id': string | null
          'workflow_type': string
        }
        ComputedFields: never
        Insert: {
          'active'?: boolean
          'created_at'?: string
          'description'?: string | null
          'id'?: string
          'is_template'?: boolean
          'name': string
          'organization_id'?: string
          'settings'?: NonNullable<Json>
          'updated_at'?: string
          'user_id'?: string | null
          'workflow_type'?: string
        }
        Update: {
          'active'?: boolean
          'created_at'?: string
          'description'?: string | null
          'id'?: string
          'is_template'?: boolean
          'name'?: string
          'organization_id'?: string
          'settings'?: NonNullable<Json>
          'updated_at'?: string
          'user_id'?: string | null
          'workflow_type'?: string
        }
        Relationships: [
          {
            foreignKeyName: 'workflows_belong_to_an_organization'
            columns: ['organization_id']
            isOneToOne: false
            referencedRelation: 'organizations'
            referencedColumns: ['id']
          },
        ]
      }
    }
    Views: {
      'calendar_integrations_overview': {
        Row: {
          'calendar_name': string | null
          'created_at': string | null
          'id': string | null
          'is_primary': boolean | null
          'last_sync_at': string | null
          'organization_id': string | null
          'provider': string | null
          'provider_account_email': string | null
          'sync_direction': string | null
          'sync_enabled': boolean | null
          'user_id': string | null
        }
        ComputedFields: never
        Relationships: []
      }
    }
    Functions: {
      'accept_invitation': { Args: { 'token': string }; Returns: Json }
      'accept_received_invitation': { Args: { 'invitation_id': string }; Returns: Json }
      'active_organization': { Args: Record<PropertyKey, never>; Returns: Json }
      'approve_join_request': { Args: { 'organization_id': string; 'request_id': string }; Returns: Json }
      'change_member': {
        Args: { 'organization_id': string; 'role': Database['public']['Enums']['organization_role']; 'user_id': string }
        Returns: Json
      }
      'check_audit': { Args: { 'organization_id': string }; Returns: Json }
      'claim_domain': { Args: { 'domain': string; 'join_mode'?: string; 'organization_id': string }; Returns: Json }
      'clear_active_organization': { Args: Record<PropertyKey, never>; Returns: Json }
      'create_invitation': {
        Args: {
          'email': string
          'expires_in_days'?: number
          'organization_id': string
          'role': Database['public']['Enums']['organization_role']
        }
        Returns: Json
      }
      'create_invitation_link': {
        Args: {
          'allowed_domains'?: (string)[]
          'expires_in_days'?: number
          'max_uses'?: number
          'organization_id': string
        }
        Returns: Json
      }
      'create_lead_field': {
        Args: {
          'key': string
          'label': string
          'options'?: (string)[]
          'organization_id': string
          'position'?: number
          'required'?: boolean
          'type': string
        }
        Returns: Json
      }
      'create_organization': {
        Args: { 'contact_phone'?: string; 'name': string; 'settings'?: Json; 'slug'?: string; 'timezone'?: string }
        Returns: Json
      }
      'create_records': { Args: { 'records': Json; 'table_name': string }; Returns: Json }
      'decline_invitation': { Args: { 'token': string }; Returns: Json }
      'decline_received_invitation': { Args: { 'invitation_id': string }; Returns: Json }
      'delete_organization': { Args: { 'organization_id': string }; Returns: Json }
      'domain_to_verify': { Args: { 'domain_id': string; 'organization_id': string }; Returns: Json }
      'export_audit': {
        Args: {
          'action'?: string
          'actor_id'?: string
          'object_id'?: string
          'object_type'?: string
          'occurred_from'?: string
          'occurred_to'?: string
          'organization_id': string
          'page_cursor'?: string
          'page_limit'?: number
        }
        Returns: Json
      }
      'find_branding': { Args: { 'host'?: string; 'slug'?: string }; Returns: Json }
      'get_branding': { Args: { 'organization_id': string }; Returns: Json }
      'get_organization': { Args: { 'organization_id': string }; Returns: Json }
      'get_usage': {
        Args: {
          'compare'?: boolean
          'first_day'?: string
          'last_day'?: string
          'organization_id': string
          'unit'?: string
        }
        Returns: Json
      }
      'get_user_org_role': { Args: { 'org_uuid': string; 'user_uuid': string }; Returns: string }
      'get_user_organizations': { Args: { 'user_uuid': string }; Returns: string[] }
      'host_to_verify': { Args: { 'organization_id': string }; Returns: Json }
      'is_org_admin': { Args: { 'org_uuid': string; 'user_uuid': string }; Returns: boolean }
      'join_organization': { Args: { 'organization_id': string }; Returns: Json }
      'joinable_organizations': { Args: Record<PropertyKey, never>; Returns: Json }
      'link_customer': {
        Args: { 'customer_id': string; 'livemode': boolean; 'organization_id': string; 'proof': string }
        Returns: Json
      }
      'list_audit': {
        Args: {
          'action'?: string
          'actor_id'?: string
          'object_id'?: string
          'object_type'?: string
          'occurred_from'?: string
          'occurred_to'?: string
          'organization_id': string
          'page_cursor'?: string
          'page_limit'?: number
        }
        Returns: Json
      }
      'list_domains': {
        Args: { 'organization_id': string; 'page_cursor'?: string; 'page_limit'?: number }
        Returns: Json
      }
      'list_invitations': {
        Args: { 'invitation_status'?: string; 'organization_id': string; 'page_cursor'?: string; 'page_limit'?: number }
        Returns: Json
      }
      'list_join_requests': {
        Args: { 'organization_id': string; 'page_cursor'?: string; 'page_limit'?: number; 'request_status'?: string }
        Returns: Json
      }
      'list_lead_fields': { Args: { 'organization_id': string }; Returns: Json }
      'list_members': {
        Args: { 'organization_id': string; 'page_cursor'?: string; 'page_limit'?: number }
        Returns: Json
      }
      'list_organizations': {
        Args: { 'include_deleted'?: boolean; 'page_cursor'?: string; 'page_limit'?: number }
        Returns: Json
      }
      'list_plans': { Args: Record<PropertyKey, never>; Returns: Json }
      'list_usage': {
        Args: { 'first_day'?: string; 'last_day'?: string; 'page_cursor'?: string; 'page_limit'?: number }
        Returns: Json
      }
      'my_invitations': { Args: Record<PropertyKey, never>; Returns: Json }
      'preview_invitation': { Args: { 'token': string }; Returns: Json }
      'preview_plan': { Args: { 'organization_id': string; 'tier': string }; Returns: Json }
      'process_sign_up': { Args: { 'user_id': string }; Returns: Json }
      'reactivate_member': { Args: { 'organization_id': string; 'user_id': string }; Returns: Json }
      'read_ending': { Args: { 'event_id': string }; Returns: Json }
      'read_notice': { Args: { 'event_id': string }; Returns: Json }
      'ready': { Args: Record<PropertyKey, never>; Returns: boolean }
      'receive_stripe_event': { Args: { 'event': Json }; Returns: Json }
      'refuse_join_request': { Args: { 'organization_id': string; 'request_id': string }; Returns: Json }
      'remove_domain': { Args: { 'domain_id': string; 'organization_id': string }; Returns: Json }
      'remove_lead_field': { Args: { 'field_id': string; 'organization_id': string }; Returns: Json }
      'remove_member': { Args: { 'organization_id': string; 'user_id': string }; Returns: Json }
      'resend_invitation': { Args: { 'invitation_id': string; 'organization_id': string }; Returns: Json }
      'restore_organization': { Args: { 'organization_id': string }; Returns: Json }
      'revoke_invitation': { Args: { 'invitation_id': string; 'organization_id': string }; Returns: Json }
      'search_leads': { Args: { 'page_cursor'?: string; 'page_limit'?: number; 'query': string }; Returns: Json }
      'set_active_organization': { Args: { 'organization_id': string }; Returns: Json }
      'start_checkout': { Args: { 'organization_id': string; 'proof': string; 'tier': string }; Returns: Json }
      'start_portal': { Args: { 'organization_id': string; 'proof': string }; Returns: Json }
      'suspend_member': { Args: { 'organization_id': string; 'user_id': string }; Returns: Json }
      'transfer_ownership': { Args: { 'organization_id': string; 'user_id': string }; Returns: Json }
      'update_branding': { Args: { 'changes': Json; 'organization_id': string }; Returns: Json }
      'update_domain': { Args: { 'domain_id': string; 'join_mode': string; 'organization_id': string }; Returns: Json }
      'update_lead_field': {
        Args: {
          'field_id': string
          'label'?: string
          'options'?: (string)[]
          'organization_id': string
          'position'?: number
          'required'?: boolean
        }
        Returns: Json
      }
      'update_organization': { Args: { 'changes': Json; 'organization_id': string }; Returns: Json }
      'user_in_organization': { Args: { 'org_uuid': string; 'user_uuid': string }; Returns: boolean }
      'verify_domain': { Args: { 'domain_id': string; 'organization_id': string; 'proof': string }; Returns: Json }
      'verify_host': { Args: { 'organization_id': string; 'proof': string }; Returns: Json }
    }
    Enums: {
      'organization_role': 'member' | 'manager' | 'admin' | 'owner'
    }
    CompositeTypes: {
      [_ in never]: never
    }
  }
}

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, 'public'>]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema['Tables'] & DefaultSchema['Views'])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  } ? keyof (
      & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
      & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Views']
    )
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals } ? (
    & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
    & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Views']
  )[TableName] extends {
    Row: infer R
  } ? R
  : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema['Tables'] & DefaultSchema['Views'])
    ? (DefaultSchema['Tables'] & DefaultSchema['Views'])[DefaultSchemaTableNameOrOptions] extends {
      Row: infer R
    } ? R
    : never
  : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema['Tables']
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  } ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'][TableName] extends {
    Insert: infer I
  } ? I
  : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables']
    ? DefaultSchema['Tables'][DefaultSchemaTableNameOrOptions] extends {
      Insert: infer I
    } ? I
    : never
  : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema['Tables']
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  } ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'][TableName] extends {
    Update: infer U
  } ? U
  : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables']
    ? DefaultSchema['Tables'][DefaultSchemaTableNameOrOptions] extends {
      Update: infer U
    } ? U
    : never
  : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema['Enums']
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  } ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions['schema']]['Enums']
    : never = never,
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions['schema']]['Enums'][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema['Enums']
    ? DefaultSchema['Enums'][DefaultSchemaEnumNameOrOptions]
  : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema['CompositeTypes']
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  } ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions['schema']]['CompositeTypes']
    : never = never,
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions['schema']]['CompositeTypes'][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema['CompositeTypes']
    ? DefaultSchema['CompositeTypes'][PublicCompositeTypeNameOrOptions]
  : never

export const Constants = {
  'public': {
    Enums: {
      'organization_role': ['member', 'manager', 'admin', 'owner'],
    },
  },
} as const
