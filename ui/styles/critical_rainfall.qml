<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology" hasScaleBasedVisibilityFlag="0">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="0.8" alphaBand="-1" nodataColor="" classificationMin="0" classificationMax="64">
      <rasterTransparency/>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0" maximumValue="64">
          <item value="0" color="#67001f" alpha="255" label="0 mm/h (fails without rain)"/>
          <item value="2" color="#b10026" alpha="255" label="0 to 2 mm/h"/>
          <item value="4" color="#e31a1c" alpha="255" label="2 to 4 mm/h"/>
          <item value="8" color="#fc4e2a" alpha="255" label="4 to 8 mm/h"/>
          <item value="16" color="#fd8d3c" alpha="255" label="8 to 16 mm/h"/>
          <item value="32" color="#feb24c" alpha="255" label="16 to 32 mm/h"/>
          <item value="64" color="#fed976" alpha="255" label="32 to 64 mm/h"/>
          <item value="inf" color="#ffffb2" alpha="255" label="more than 64 mm/h"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
