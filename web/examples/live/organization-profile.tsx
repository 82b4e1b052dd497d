import { OrganizationProfile, type ProfileSection } from 'dial-smart-components'
import { useState } from 'react'

export default function Profile() {
  const [section, setSection] = useState<ProfileSection>('general')
  return <OrganizationProfile section={section} onSectionChange={setSection} />
}
