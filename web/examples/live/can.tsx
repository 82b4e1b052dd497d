import { useActiveOrganization, useCan, useMembers } from 'dial-smart-components'

export default function WhatOneMay() {
  const organization = useActiveOrganization()
  const { members } = useMembers()
  const mayInvite = useCan('createInvitation')
  const mayDelete = useCan('leads.delete')
  if (!organization) return null
  return (
    <ul className='example-facts'>
      <li>
        Your role in <bdi>{organization.name}</bdi>: {organization.role}
      </li>
      <li>Members on the first page: {members?.length ?? '…'}</li>
      <li>You {mayInvite ? 'may' : 'may not'} invite people.</li>
      <li>You {mayDelete ? 'may' : 'may not'} delete leads.</li>
    </ul>
  )
}
