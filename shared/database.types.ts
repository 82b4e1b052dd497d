// Written by `npm run generate` from the migrations, with `supabase gen types`.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  'public': {
    Tables: {
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
      'campaigns': {
        Row: {
          'agent_id': string | null
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
      'organization_invitations': {
        Row: {
          'accepted_at': string | null
          'accepted_by': string | null
          'created_at': string
          'declined_at': string | null
          'email': string
          'expires_at': string
          'id': string
          'invited_by': string | null
          'last_sent_at': string
          'organization_id': string
          'revoked_at': string | null
          'role': Database['public']['Enums']['organization_role']
          'valid_for': string
        }
        ComputedFields: never
        Insert: {
          'accepted_at'?: string | null
          'accepted_by'?: string | null
          'created_at'?: string
          'declined_at'?: string | null
          'email': string
          'expires_at': string
          'id'?: string
          'invited_by'?: string | null
          'last_sent_at'?: string
          'organization_id': string
          'revoked_at'?: string | null
          'role': Database['public']['Enums']['organization_role']
          'valid_for': string
        }
        Update: {
          'accepted_at'?: string | null
          'accepted_by'?: string | null
          'created_at'?: string
          'declined_at'?: string | null
          'email'?: string
          'expires_at'?: string
          'id'?: string
          'invited_by'?: string | null
          'last_sent_at'?: string
          'organization_id'?: string
          'revoked_at'?: string | null
          'role'?: Database['public']['Enums']['organization_role']
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
          'contact_phone': string | null
          'created_at': string
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
          'subscription_status': string
          'subscription_tier': string
          'timezone': string
          'trial_ends_at': string | null
          'updated_at': string
        }
        ComputedFields: never
        Insert: {
          'contact_phone'?: string | null
          'created_at'?: string
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
          'subscription_status'?: string
          'subscription_tier'?: string
          'timezone'?: string
          'trial_ends_at'?: string | null
          'updated_at'?: string
        }
        Update: {
          'contact_phone'?: string | null
          'created_at'?: string
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
          'subscription_status'?: string
          'subscription_tier'?: string
          'timezone'?: string
          'trial_ends_at'?: string | null
          'updated_at'?: string
        }
        Relationships: []
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
      'active_organization': { Args: Record<PropertyKey, never>; Returns: Json }
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
      'create_organization': {
        Args: { 'contact_phone'?: string; 'name': string; 'settings'?: Json; 'slug'?: string; 'timezone'?: string }
        Returns: Json
      }
      'decline_invitation': { Args: { 'token': string }; Returns: Json }
      'delete_organization': { Args: { 'organization_id': string }; Returns: Json }
      'get_organization': { Args: { 'organization_id': string }; Returns: Json }
      'get_user_org_role': { Args: { 'org_uuid': string; 'user_uuid': string }; Returns: string }
      'get_user_organizations': { Args: { 'user_uuid': string }; Returns: string[] }
      'is_org_admin': { Args: { 'org_uuid': string; 'user_uuid': string }; Returns: boolean }
      'list_invitations': {
        Args: { 'invitation_status'?: string; 'organization_id': string; 'page_cursor'?: string; 'page_limit'?: number }
        Returns: Json
      }
      'list_members': {
        Args: { 'organization_id': string; 'page_cursor'?: string; 'page_limit'?: number }
        Returns: Json
      }
      'list_organizations': {
        Args: { 'include_deleted'?: boolean; 'page_cursor'?: string; 'page_limit'?: number }
        Returns: Json
      }
      'my_invitations': { Args: Record<PropertyKey, never>; Returns: Json }
      'preview_invitation': { Args: { 'token': string }; Returns: Json }
      'ready': { Args: Record<PropertyKey, never>; Returns: boolean }
      'resend_invitation': { Args: { 'invitation_id': string; 'organization_id': string }; Returns: Json }
      'restore_organization': { Args: { 'organization_id': string }; Returns: Json }
      'revoke_invitation': { Args: { 'invitation_id': string; 'organization_id': string }; Returns: Json }
      'set_active_organization': { Args: { 'organization_id': string }; Returns: Json }
      'update_organization': { Args: { 'changes': Json; 'organization_id': string }; Returns: Json }
      'user_in_organization': { Args: { 'org_uuid': string; 'user_uuid': string }; Returns: boolean }
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
